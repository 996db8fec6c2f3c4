/** Waits for a condition, never for a time: asks again and again until it holds, or says what it saw last. */
import { setTimeout as sleep } from "node:timers/promises";

const ASK_EVERY_MS = 25;

/** what: names the condition in the error. ask: undefined, false or a throw: not yet. */
export async function waitFor<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	timeoutMs = 30_000,
): Promise<T> {
	const deadline = performance.now() + timeoutMs;
	let last: unknown;
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== undefined && answer !== false) return answer;
			last = answer;
		} catch (error) {
			last = error;
		}
		if (performance.now() > deadline)
			throw new Error(
				`waited ${timeoutMs} ms for ${what}; last: ${String(last)}`,
				{ cause: last },
			);
		await sleep(ASK_EVERY_MS);
	}
}

/** The promise's value, or an error that says what did not come in time. */
export async function inTime<T>(
	what: string,
	promise: Promise<T>,
	timeoutMs = 30_000,
): Promise<T> {
	const late = new AbortController();
	try {
		return await Promise.race([
			promise,
			sleep(timeoutMs, undefined, { signal: late.signal }).then(() => {
				throw new Error(`waited ${timeoutMs} ms for ${what}`);
			}),
		]);
	} finally {
		late.abort();
	}
}
