/**
 * The header of a record whose timestamp is the time of its append: its event time, ms since 1970,
 * as decimal text.
 */
export const EVENT_TIME_HEADER = "event-time";

/** The event time in that header; undefined without a valid one. */
export function eventTimeHeaderOf(
	headers: Readonly<Record<string, string>>,
): number | undefined {
	const text = headers[EVENT_TIME_HEADER];
	return text === undefined || !/^-?\d{1,16}$/.test(text)
		? undefined
		: Number(text);
}
