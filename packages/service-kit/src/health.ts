/**
 * Health: what the pod's probes and the local supervisor ask.
 *
 * Live means "a restart would not help"; ready means "does its work now". Both are asked of functions, so nothing goes stale.
 */

/** Why a service is not live or not ready; undefined where it is. */
export type Check = () => string | undefined;

export interface Health {
	live: Check;
	ready: Check;
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
