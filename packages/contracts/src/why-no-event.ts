/**
 * Why a record makes no event: for logs, metrics and the page. Called only after the parser
 * rejected the record.
 */
import {
	type EventMapping,
	eventParser,
	NUMBER_COLUMNS,
} from "./event-mapping.ts";
import {
	type EventPath,
	lookUp,
	type MappedRecord,
} from "./event-mapping-path.ts";

/** The path as the user wrote it, or nearly so. */
const textOf = (path: EventPath): string =>
	path.of === "value" ? path.steps.join(".") || "@value" : `@${path.of}`;

/**
 * The reason in a few words, such as `no time at t`. There are at most as many different reasons as
 * the mapping has parts, so they can be counted.
 */
export function whyNoEvent(
	mapping: EventMapping,
): (record: MappedRecord) => string {
	const { numbers } = mapping;
	return (record) => {
		if (record.value === null) return "no value";
		let json: unknown;
		try {
			json = JSON.parse(record.value.toString("utf8"));
		} catch {
			return "no JSON";
		}
		const misses = (path: EventPath, part: Partial<EventMapping>) => {
			if (lookUp(path, record, json) === undefined) return true;
			// The record's metadata supplies all other parts, so only this part can fail.
			const own = eventParser({
				key: { of: "offset" },
				time: { of: "timestamp" },
				timeUnit: mapping.timeUnit,
				sequence: { of: "offset" },
				numbers: { value: { of: "offset" } },
				...part,
			});
			return own(record) === undefined;
		};
		if (misses(mapping.key, { key: mapping.key }))
			return `no key at ${textOf(mapping.key)}`;
		if (misses(mapping.time, { time: mapping.time }))
			return `no time at ${textOf(mapping.time)}`;
		if (misses(mapping.sequence, { sequence: mapping.sequence }))
			return `no sequence number at ${textOf(mapping.sequence)}`;
		for (const column of NUMBER_COLUMNS) {
			const path = numbers[column];
			if (path && misses(path, { numbers: { value: path } }))
				return `no number at ${textOf(path)}`;
		}
		return "a field is out of its range";
	};
}
