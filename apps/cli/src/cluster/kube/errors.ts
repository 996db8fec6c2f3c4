/**
 * Errors of the API server or of the connection to it: as text, and as an HTTP status if there is
 * one.
 */

/** The HTTP status of a rejected call; undefined if no answer came. */
export const statusOf = (error: unknown): number | undefined => {
	const code = (error as { code?: unknown }).code;
	return typeof code === "number" ? code : undefined;
};

/** The reason as text, without the headers and the stack of the library's own message. */
export function apiReason(error: unknown): string {
	const { body } = error as { body?: unknown };
	const status = typeof body === "string" ? parsed(body) : body;
	const message = (status as { message?: unknown } | undefined)?.message;
	if (typeof message === "string") return message;
	if (statusOf(error) !== undefined)
		return `the API server answered ${statusOf(error)}`;
	// undici only says "fetch failed". The reason is in the cause.
	const { cause, message: own, name } = error as Error;
	if (name === "TimeoutError" || name === "AbortError")
		return "the API server did not answer in time";
	return cause instanceof Error && cause.message ? cause.message : own;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The answer, or undefined if the object does not exist. */
export async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch (error) {
		if (statusOf(error) === 404) return undefined;
		throw error;
	}
}
