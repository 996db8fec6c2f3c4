/**
 * Waits for a condition, never for a fixed time. It asks until the condition holds, or fails with
 * what it saw last.
 */
import { setTimeout as sleep } from "node:timers/promises";

const ASK_EVERY_MS = 25;

/**
 * An operation of 10 s on a quiet machine takes 30 s on a busy one. The wait must be longer than
 * that.
 */
export const WAIT_MAX_MS = 90_000;

/** what: names the condition in the error. ask: undefined, false or a throw mean not yet. */
export async function waitFor<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	timeoutMs = WAIT_MAX_MS,
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
		if (performance.now() > deadline) throw tooLate(what, timeoutMs, last);
		await sleep(ASK_EVERY_MS);
	}
}

/**
 * Reads a value until it is as expected, and returns it. Prefer this to waitFor if there is a
 * value: the error then shows the last one.
 */
export async function waitForValue<T>(
	what: string,
	read: () => Promise<T> | T,
	isRight: (value: T) => boolean,
	timeoutMs = WAIT_MAX_MS,
): Promise<T> {
	let last: { value: T } | undefined;
	try {
		return await waitFor(
			what,
			async () => {
				last = undefined;
				last = { value: await read() };
				return isRight(last.value) ? last : undefined;
			},
			timeoutMs,
		).then(({ value }) => value);
	} catch (error) {
		throw last ? tooLate(what, timeoutMs, last.value) : error;
	}
}

/** The promise's value, or an error that names what did not arrive in time. */
export async function inTime<T>(
	what: string,
	promise: Promise<T>,
	timeoutMs = WAIT_MAX_MS,
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

const tooLate = (what: string, timeoutMs: number, last: unknown): Error =>
	new Error(`waited ${timeoutMs} ms for ${what}; last seen: ${shown(last)}`, {
		cause: last,
	});

const SHOWN_MAX = 2_000;

function shown(value: unknown): string {
	if (value instanceof Error) return String(value);
	const text = JSON.stringify(value) ?? String(value);
	return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
