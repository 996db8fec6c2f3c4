/** The answer to a request whose records are written: what became of each of them. */
import { ERROR_MESSAGE_CHARACTERS_MAX } from "@fireworks/contracts";
import { ERRORS_MAX, PATH_CHARACTERS_MAX } from "../limits.ts";

export interface RefusedRecord {
	/** NDJSON: the line. JSON: the number of the record. Both count from 1. */
	readonly line: number;
	readonly code: string;
	readonly message: string;
	/** The field that it is about. */
	readonly path?: string;
}

export interface Answer {
	readonly accepted: number;
	readonly refused: number;
	readonly errors: readonly RefusedRecord[];
	/** How many errors were left out. */
	readonly moreErrors?: number;
}

/**
 * 200: every record is in the stream. 207: some or all are dead letters instead. Both mean that the
 * request is done: a client that repeated it would write its records twice.
 */
export const statusOf = ({ refused }: Answer): 200 | 207 =>
	refused === 0 ? 200 : 207;

export class AnswerBuilder {
	#accepted = 0;
	#refused = 0;
	readonly #errors: RefusedRecord[] = [];

	accept(): void {
		this.#accepted++;
	}

	/** Both texts can contain what the client sent, so they are cut. */
	refuse({ line, code, message, path }: RefusedRecord): void {
		this.#refused++;
		if (this.#errors.length >= ERRORS_MAX) return;
		this.#errors.push({
			line,
			code,
			message: message.slice(0, ERROR_MESSAGE_CHARACTERS_MAX),
			...(path === undefined
				? {}
				: { path: path.slice(0, PATH_CHARACTERS_MAX) }),
		});
	}

	answer(): Answer {
		const more = this.#refused - this.#errors.length;
		return {
			accepted: this.#accepted,
			refused: this.#refused,
			errors: this.#errors,
			...(more > 0 ? { moreErrors: more } : {}),
		};
	}
}
