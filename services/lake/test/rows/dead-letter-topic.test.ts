import { DEAD_LETTER_HEADERS } from "@fireworks/contracts";
import type { LogRecord } from "@fireworks/streams";
import { expect, test } from "vitest";
import { REFUSED_BYTES_MAX } from "../../src/limits.ts";
import { deadLetterRows } from "../../src/rows/dead-letter-topic.ts";

const rows = deadLetterRows();
const maker = rows.maker(rows.columns);
const rowOf = (headers: Record<string, string>, value: Buffer | null) => {
	const record: LogRecord = {
		topic: "dead-letter",
		partition: 1,
		offset: 2,
		key: null,
		value,
		timestamp: 3,
		headers,
	};
	const { row } = maker.row(record);
	return Object.fromEntries(
		rows.columns.map(({ name }, i) => [name, row?.[i]]),
	);
};

test("a dead letter with all that its headers say", () => {
	const headers = {
		[DEAD_LETTER_HEADERS.code]: "bad-json",
		[DEAD_LETTER_HEADERS.message]: "the value is not JSON",
		[DEAD_LETTER_HEADERS.topic]: "metronome",
		[DEAD_LETTER_HEADERS.partition]: "3",
		[DEAD_LETTER_HEADERS.offset]: "99",
	};
	expect(rowOf(headers, Buffer.from("{"))).toEqual({
		code: "bad-json",
		message: "the value is not JSON",
		source_topic: "metronome",
		source_partition: 3,
		source_offset: 99,
		stage: null,
		record_value: "{",
		event_time: 3_000n,
		record_key: null,
		kafka_partition: 1,
		kafka_offset: 2,
		kafka_time: 3_000n,
	});
});

test("one of another program is a row too: nothing here is refused", () => {
	const headers = { [DEAD_LETTER_HEADERS.partition]: "first" };
	const large = Buffer.alloc(REFUSED_BYTES_MAX + 1, "x");
	const row = rowOf(headers, large);
	expect(row).toMatchObject({ code: null, source_partition: null });
	expect(row.record_value).toContain(`… (${large.length} bytes)`);
});
