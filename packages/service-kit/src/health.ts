/**
 * Health checks for the pod's probes and the local supervisor.
 *
 * Live means that the process can still recover by itself; ready means that it does its work now.
 * Both are functions, called for each probe, so an answer is never outdated.
 */

import type {
	IncomingHttpHeaders,
	IncomingMessage,
	ServerResponse,
} from "node:http";

/** Why a service is not live or not ready; undefined if it is. */
export type Check = () => string | undefined;

export interface Health {
	live: Check;
	ready: Check;
	/** Additional pages by path, each a JSON object. */
	pages?: Readonly<Record<string, () => object>>;
	/** Pages below a path, such as `/state/`: answer gets what comes after it, decoded. */
	below?: {
		readonly path: string;
		answer(rest: string, headers: IncomingHttpHeaders): Promise<HealthAnswer>;
	};
	/** Answers further requests of any method. Returns false for a path that it does not have. */
	handle?(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface HealthAnswer {
	status: number;
	body: string;
}

/** The answer to a probe: 200, or 503 with the reason as JSON. */
export function answerProbe(check: Check): HealthAnswer {
	const reason = check();
	return reason === undefined
		? { status: 200, body: '{"status":"ok"}\n' }
		: {
				status: 503,
				body: `${JSON.stringify({ status: "unavailable", reason })}\n`,
			};
}
