/**
 * Compares how we write and read record batches with the published kafkajs, wherever that is
 * correct.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { crc32c } from "../../src/kafka/wire/crc32c.ts";
import { bothKafkajs, type Insides, type Load } from "./both-kafkajs.ts";
import { encode } from "./record-batch.ts";

const both = bothKafkajs();
afterAll(() => both.remove());

describe("the encoding of records", () => {
	const data = fc.oneof(
		fc.constant(null),
		fc.string(),
		fc.string({ unit: "grapheme" }),
		fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
	);
	const messages = (timestamp: fc.Arbitrary<number>) =>
		fc.array(
			fc.record({
				key: data,
				value: data,
				timestamp: timestamp.map(String),
				headers: fc.dictionary(
					fc
						.string({ minLength: 1, maxLength: 5 })
						.filter((k) => k !== "__proto__"),
					fc.string(),
					{ maxKeys: 3 },
				),
			}),
			{ minLength: 1, maxLength: 30 },
		);

	/**
	 * Decodes the batch's head (only a broker checks its CRC) and its records, with the published
	 * kafkajs or with ours.
	 */
	async function decode(load: Load, bytes: Buffer) {
		const Decoder = load("protocol/decoder.js");
		const records = await load("protocol/requests/fetch/v4/decodeMessages.js")(
			new Decoder(bytes),
		);
		return records.map((r: Insides) => ({
			offset: String(r.offset),
			timestamp: String(r.timestamp),
			key: r.key === null ? null : Buffer.from(r.key).toString("hex"),
			value: r.value === null ? null : Buffer.from(r.value).toString("hex"),
			headers: Object.fromEntries(
				Object.entries(r.headers ?? {}).map(([k, v]) => [k, String(v)]),
			),
			isControlRecord: r.isControlRecord,
			producerId: String(r.batchContext.producerId),
			inTransaction: r.batchContext.inTransaction,
			maxTimestamp: String(r.batchContext.maxTimestamp),
		}));
	}

	const { patched, published } = both;
	/** The largest difference between two times of a batch that numbers can hold: 142,000 years. */
	const SPAN_MS_MAX = 2 ** 52 - 1;

	test("the same bytes as published, where that was right", async () => {
		// All records of a batch get the same time. The published version compares times as text,
		// which makes no difference then.
		const time = fc.integer({ min: 1, max: 8.64e15 });
		await fc.assert(
			fc.asyncProperty(messages(time), time, async (list, at) => {
				const alike = list.map((m) => ({ ...m, timestamp: String(at) }));
				expect(await encode(patched, alike)).toEqual(
					await encode(published, alike),
				);
			}),
			{ numRuns: 150 },
		);
	});

	test("both read what the other wrote, whatever the times", async () => {
		const time = fc.oneof(
			fc.constant(0),
			fc.integer({ min: 0, max: SPAN_MS_MAX }),
			fc.nat(2_000),
		);
		await fc.assert(
			fc.asyncProperty(messages(time), async (list) => {
				const bytes = await encode(patched, list);
				const read = await decode(published, bytes);
				expect(await decode(patched, bytes)).toEqual(read);
				expect(read.map((r: Insides) => r.timestamp)).toEqual(
					list.map((m) => m.timestamp),
				);
				expect(read[0].maxTimestamp).toBe(
					String(Math.max(...list.map((m) => Number(m.timestamp)))),
				);
			}),
			{ numRuns: 150 },
		);
	});

	test("published, 0 is no timestamp, and 999 is later than 1000", async () => {
		const times = (...list: (string | number)[]) =>
			list.map((timestamp) => ({ key: "k", value: "v", timestamp }));
		for (const [load, zero, latest] of [
			[patched, "0", "1000"],
			[published, undefined, "999"],
		] as const) {
			const [first] = await decode(load, await encode(load, times(0)));
			if (zero === undefined) expect(first.timestamp).not.toBe("0");
			else expect(first.timestamp).toBe(zero);
			const [a] = await decode(load, await encode(load, times("1000", "999")));
			expect(a.maxTimestamp).toBe(latest);
		}
	});

	test("checksums are the published ones", () => {
		const theirs = published("protocol/recordBatch/crc32C/index.js");
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const buffer = Buffer.from(bytes);
				expect(crc32c(buffer)).toBe(theirs(buffer));
			}),
		);
	});

	test("a batch of more records than a call may have arguments", async () => {
		const many = Array.from({ length: 200_000 }, () => ({
			key: null,
			value: "v",
			timestamp: "1",
		}));
		const bytes = await encode(patched, many);
		expect((await decode(patched, bytes)).length).toBe(many.length);
		await expect(decode(published, bytes)).rejects.toThrow(RangeError);
	});
});
