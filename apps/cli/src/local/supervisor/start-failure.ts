/** Why a start failed. */
import type { Part } from "./part.ts";

/** Why a start failed, and the part that caused it. */
export interface StartFailure {
	part: string | undefined;
	problem: string;
}

export const describe = ({ part, problem }: StartFailure): string =>
	part ? `${part}: ${problem}` : problem;

export const failureOf = (part: Part, what: string): StartFailure => ({
	part: part.name,
	problem:
		part.status.lastError ??
		(part.waitsFor === undefined ? what : `${what}: ${part.waitsFor}`),
});
