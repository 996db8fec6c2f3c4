/**
 * The states of a part, as a pure function.
 *
 *   state \ event   launched   ready     ended, to stop   ended, hopeless   ended otherwise   stopped
 *   stopped         starting   -         -                -                 -                 stopped
 *   starting        -          running   stopped          failed            backoff           -
 *   running         -          -         stopped          failed            backoff           -
 *   backoff         starting   -         -                -                 -                 stopped
 *   failed          starting   -         -                -                 -                 stopped
 *
 * "-": cannot happen; such an event changes nothing. Hopeless are the exit codes that a restart does not mend (fenced, wrong settings). "To
 * stop": the supervisor had asked for it.
 */
import { EXIT } from "@fireworks/contracts";
import type { ProcessIdentity } from "../process/identity.ts";
import { BACK_OFF, backOffMs } from "./back-off.ts";

export type PartStateName =
	| "starting"
	| "running"
	| "backoff"
	| "failed"
	| "stopped";

export interface PartStatus {
	state: PartStateName;
	process: ProcessIdentity | null;
	/** Launches after the first. */
	restarts: number;
	/** Unasked ends in a row. */
	failures: number;
	/** Why it ended last, where nobody had asked it to. */
	lastError: string | null;
	/** When it came into this state, ms since 1970. */
	since: number;
	/** backoff: how long it lasts. */
	delayMs: number;
}

export type PartEvent =
	| { type: "launched" }
	| { type: "spawned"; process: ProcessIdentity }
	| { type: "ready" }
	| {
			type: "ended";
			code: number | null;
			reason: string;
			asked: boolean;
	  }
	| { type: "stopped" };

export const INITIAL: PartStatus = {
	state: "stopped",
	process: null,
	restarts: 0,
	failures: 0,
	lastError: null,
	since: 0,
	delayMs: 0,
};

const HOPELESS: readonly (number | null)[] = [EXIT.fenced, EXIT.config];

/** The status after an event at a time (ms since 1970). */
export function nextStatus(
	status: PartStatus,
	event: PartEvent,
	now: number,
): PartStatus {
	const { state } = status;
	const alive = state === "starting" || state === "running";
	switch (event.type) {
		case "launched":
			if (alive) return status;
			return {
				...status,
				state: "starting",
				since: now,
				restarts: status.restarts + (state === "backoff" ? 1 : 0),
			};
		case "spawned":
			return alive ? { ...status, process: event.process } : status;
		case "ready":
			if (state !== "starting") return status;
			return { ...status, state: "running", since: now };
		case "stopped":
			if (alive) return status;
			return { ...status, state: "stopped", process: null, since: now };
		case "ended": {
			if (!alive) return status;
			const ended = { ...status, process: null, since: now };
			if (event.asked) return { ...ended, state: "stopped" };
			const recovered =
				state === "running" && now - status.since >= BACK_OFF.resetAfterMs;
			const failures = recovered ? 1 : status.failures + 1;
			const lastError = event.reason;
			if (HOPELESS.includes(event.code))
				return { ...ended, state: "failed", failures, lastError };
			const delayMs = backOffMs(failures);
			return { ...ended, state: "backoff", failures, lastError, delayMs };
		}
	}
}
