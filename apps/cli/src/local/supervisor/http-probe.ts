/**
 * Asks the probes of a service. It uses node:http because fetch refuses some ports (6000, 6666 and
 * others) and costs the supervisor 20 MB.
 */
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const BODY_CHARACTERS_MAX = 100_000;

/** undefined if it answers 200, else the reason as text. */
export async function askProbe(
	url: string,
	timeoutMs: number,
): Promise<string | undefined> {
	const answer = await ask(url, timeoutMs);
	if (typeof answer === "string") return answer;
	const { status, body } = answer;
	return status === 200 ? undefined : (reasonIn(body) ?? `answered ${status}`);
}

/** The JSON of the answer, whatever its status; undefined without an answer or without JSON. */
export async function getJson(
	url: string,
	timeoutMs: number,
): Promise<unknown> {
	const answer = await ask(url, timeoutMs);
	try {
		return typeof answer === "string" ? undefined : JSON.parse(answer.body);
	} catch {
		return undefined;
	}
}

/** The answer, or why none came. */
const ask = (
	url: string,
	timeoutMs: number,
): Promise<{ status: number | undefined; body: string } | string> =>
	new Promise((resolve) => {
		const request = get(url, {
			agent: false,
			signal: AbortSignal.timeout(timeoutMs),
		});
		request.on("error", (error) =>
			resolve(
				error.name === "AbortError"
					? `no answer within ${timeoutMs / 1_000} s`
					: error.message,
			),
		);
		request.on("response", (response) => {
			let body = "";
			response.setEncoding("utf8");
			response.on("data", (text: string) => {
				if (body.length < BODY_CHARACTERS_MAX) body += text;
			});
			response.on("error", (error) => resolve(error.message));
			response.on("end", () => resolve({ status: response.statusCode, body }));
		});
	});

function reasonIn(body: string): string | undefined {
	try {
		const { reason } = JSON.parse(body) as { reason?: unknown };
		return typeof reason === "string" ? reason : undefined;
	} catch {
		return undefined;
	}
}

const LIVENESS = {
	intervalMs: 5_000,
	timeoutMs: 4_000,
	/**
	 * Consecutive failures before a service counts as dead: half a minute. A machine that was
	 * suspended or is swapping recovers within that.
	 */
	failuresMax: 6,
} as const;

/**
 * Watches whether a running service still works: asks /livez until `over` is aborted, and calls
 * `onDead` once if the service is no longer live. A process can exist and do nothing
 * (kafkajs#1163). Its /livez shows that, as in a pod.
 */
export async function watchLiveness(
	url: string,
	over: AbortSignal,
	onDead: (reason: string) => void,
	{ intervalMs, timeoutMs, failuresMax } = LIVENESS as {
		intervalMs: number;
		timeoutMs: number;
		failuresMax: number;
	},
): Promise<void> {
	for (let failures = 0; ; ) {
		await sleep(intervalMs, undefined, { signal: over }).catch(() => {});
		if (over.aborted) return;
		const problem = await askProbe(url, timeoutMs);
		failures = problem === undefined ? 0 : failures + 1;
		if (problem !== undefined && failures >= failuresMax && !over.aborted)
			return onDead(problem);
	}
}

/** The address at which this machine reaches a server that listens on `host`. */
export const reachable = (host: string): string => {
	if (host === "0.0.0.0") return "127.0.0.1";
	if (host === "::") return "[::1]";
	return host.includes(":") ? `[${host}]` : host;
};
