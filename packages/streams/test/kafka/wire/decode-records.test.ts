/**
 * Bytes from a broker are not trusted: damaged bytes give an error or other records, but never a
 * hang and never a read past the end.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
	type BatchContext,
	decodeRecords,
} from "../../../src/kafka/wire/decode-records.ts";
import { encodeRecordBatch } from "../../../src/kafka/wire/encode-record-batch.ts";

const HEAD_BYTES = 61;
const context: BatchContext = {
	firstOffset: "100",
	firstTimestamp: "1000",
	maxTimestamp: "9000",
	timestampType: 0,
	magicByte: 2,
	isControlBatch: false,
};

const recordsOf = (
	messages: Parameters<typeof encodeRecordBatch>[0]["messages"],
) =>
	encodeRecordBatch({
		messages,
		timestamps: messages.map((_, i) => 1_000 + i),
		firstTimestamp: 1_000,
		maxTimestamp: 1_000 + messages.length,
		transactional: true,
		producerId: "7",
		producerEpoch: 0,
		firstSequence: 0,
	}).subarray(HEAD_BYTES);

const message = fc.record({
	key: fc.option(fc.string({ unit: "grapheme" })),
	value: fc.option(fc.string({ maxLength: 400 })),
	headers: fc.dictionary(fc.string({ maxLength: 9 }), fc.string(), {
		maxKeys: 3,
	}),
});
const messages = fc.array(message, { minLength: 1, maxLength: 20 });

test("what was written is read, with offsets and times counted from the batch's first", () => {
	fc.assert(
		fc.property(messages, (list) => {
			const records = decodeRecords(recordsOf(list), list.length, context);
			expect(
				records.map((r) => ({
					key: r.key?.toString() ?? null,
					value: r.value?.toString() ?? null,
					headers: Object.entries(r.headers).map(([k, v]) => [k, String(v)]),
					offset: r.offset,
					timestamp: r.timestamp,
				})),
			).toEqual(
				list.map(({ key, value, headers }, i) => ({
					key,
					value,
					headers: Object.entries(headers),
					offset: String(100 + i),
					timestamp: String(1_000 + i),
				})),
			);
		}),
	);
});

test("the broker's append time, where the topic has it", () => {
	const [record] = decodeRecords(recordsOf([{ key: "k", value: "v" }]), 1, {
		...context,
		timestampType: 1,
	});
	expect(record?.timestampNumber).toBe(9_000);
});

test("a batch that is cut off anywhere is an error", () => {
	fc.assert(
		fc.property(messages, fc.nat(), (list, at) => {
			const bytes = recordsOf(list);
			expect(() =>
				decodeRecords(
					bytes.subarray(0, at % bytes.length),
					list.length,
					context,
				),
			).toThrow("ends within a record");
		}),
	);
});

test("bytes that were changed: an error, or as many records as were said, each within the bytes", () => {
	const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
	fc.assert(
		fc.property(
			messages,
			fc.array(change, { minLength: 1, maxLength: 8 }),
			(list, changes) => {
				const bytes = Buffer.from(recordsOf(list));
				for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
				let records: ReturnType<typeof decodeRecords>;
				try {
					records = decodeRecords(bytes, list.length, context);
				} catch (error) {
					expect(error).toBeInstanceOf(RangeError);
					return;
				}
				expect(records.length).toBe(list.length);
				for (const { key, value } of records)
					for (const data of [key, value])
						if (data) expect(data.buffer).toBe(bytes.buffer);
			},
		),
		{ numRuns: 2_000 },
	);
});

test("a count without records: an error, not a wait or a large array", () => {
	expect(() => decodeRecords(Buffer.alloc(0), 2 ** 31 - 1, context)).toThrow(
		RangeError,
	);
	expect(decodeRecords(Buffer.alloc(0), 0, context)).toEqual([]);
	expect(decodeRecords(Buffer.alloc(0), -1, context)).toEqual([]);
});
