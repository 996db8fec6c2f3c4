/**
 * The states of a part, as a pure function.
 *
 * state \ event   started    ready     ended,     ended,          ended,      finished  stopped
 *                                      requested  unrecoverable   otherwise
 * stopped         starting   -         -          -               -          -         stopped
 * starting        -          running   stopped    failed          backoff    stopped   -
 * running         -          -         stopped    failed          backoff    stopped   -
 * backoff         starting   -         -          -               -          -         stopped
 * failed          starting   -         -          -               -          -         stopped
 *
 * "-" cannot happen: such an event changes nothing. Unrecoverable are the exit codes that a restart
 * cannot fix (fenced, wrong settings). Requested: the supervisor sent the part SIGTERM. Finished:
 * a pipeline that has only streams has published them, and ended by itself.
 */
import { EXIT } from "@fireworks/contracts";
import type { ProcessIdentity } from "../../process/identity.ts";

/** How long to wait before a part that ended is started again. */
export const BACK_OFF = {
	/** Short, so that one crash costs little: the services are back within seconds. */
	firstMs: 200,
	factor: 2,
	maxMs: 10_000,
	/** A part that was ready for this long has recovered: its next failure counts as the first. */
	resetAfterMs: 10_000,
} as const;

/** failures: consecutive ends so far, at least 1. Returns milliseconds. */
export const backOffMs = (failures: number): number =>
	Math.min(
		BACK_OFF.firstMs * BACK_OFF.factor ** (failures - 1),
		BACK_OFF.maxMs,
	);

export type PartStateName =
	| "starting"
	| "running"
	| "backoff"
	| "failed"
	| "stopped";

export interface PartStatus {
	state: PartStateName;
	process: ProcessIdentity | null;
	/** Starts after the first one. */
	restarts: number;
	/** Consecutive ends that the supervisor did not request. */
	failures: number;
	/** Why it last ended without a request. */
	lastError: string | null;
	/** When it entered this state, ms since 1970. */
	since: number;
	/** In backoff: how long it lasts. */
	delayMs: number;
	/** It has done all that it has to do, and needs no process. */
	finished: boolean;
}

export type PartEvent =
	| { type: "started" }
	| { type: "spawned"; process: ProcessIdentity }
	| { type: "ready" }
	| {
			type: "ended";
			code: number | null;
			reason: string;
			requested: boolean;
	  }
	| { type: "finished" }
	| { type: "stopped" };

export const INITIAL: PartStatus = {
	state: "stopped",
	process: null,
	restarts: 0,
	failures: 0,
	lastError: null,
	since: 0,
	delayMs: 0,
	finished: false,
};

const UNRECOVERABLE: readonly (number | null)[] = [EXIT.fenced, EXIT.config];

/** The status after an event. now: ms since 1970. */
export function nextStatus(
	status: PartStatus,
	event: PartEvent,
	now: number,
): PartStatus {
	const { state } = status;
	const alive = state === "starting" || state === "running";
	switch (event.type) {
		case "started":
			if (alive) return status;
			return {
				...status,
				state: "starting",
				since: now,
				finished: false,
				restarts: status.restarts + (status.since > 0 ? 1 : 0),
				// A person who starts it again has seen its failures.
				failures: state === "backoff" ? status.failures : 0,
			};
		case "spawned":
			return alive ? { ...status, process: event.process } : status;
		case "ready":
			if (state !== "starting") return status;
			return { ...status, state: "running", since: now };
		case "finished":
			if (!alive) return status;
			return {
				...status,
				state: "stopped",
				process: null,
				since: now,
				failures: 0,
				lastError: null,
				finished: true,
			};
		case "stopped":
			if (alive) return status;
			return { ...status, state: "stopped", process: null, since: now };
		case "ended": {
			if (!alive) return status;
			const ended = { ...status, process: null, since: now };
			if (event.requested) return { ...ended, state: "stopped" };
			const recovered =
				state === "running" && now - status.since >= BACK_OFF.resetAfterMs;
			const failures = recovered ? 1 : status.failures + 1;
			const lastError = event.reason;
			if (UNRECOVERABLE.includes(event.code))
				return { ...ended, state: "failed", failures, lastError };
			const delayMs = backOffMs(failures);
			return { ...ended, state: "backoff", failures, lastError, delayMs };
		}
	}
}
