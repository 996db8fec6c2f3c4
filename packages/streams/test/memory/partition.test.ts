import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryPartition } from "../../src/memory/partition.ts";

const record = (key: string, value = key) => ({
	key: Buffer.from(key),
	value: Buffer.from(value),
	timestamp: 0,
	headers: {},
});
const open = () => ({ state: "open" as const, firstOffset: undefined });
const read = (log: MemoryPartition, from = log.low, max = 100) => {
	const slice = log.read(from, max);
	return (
		slice && [
			slice.records.map((r) => `${r.offset}${r.value}`).join(),
			slice.nextOffset,
		]
	);
};

describe("a partition in memory", () => {
	test("ends of transactions and aborted records have offsets, and are not seen", () => {
		const log = new MemoryPartition("topic", 0);
		const [a, b] = [open(), open()];
		log.append([record("a")], a);
		log.append([record("b")], b);
		log.append([record("c")]);
		expect([log.lastStableOffset, log.high]).toEqual([0, 3]);
		expect(read(log)).toBeUndefined();
		log.end(b, "aborted");
		expect(read(log)).toBeUndefined();
		log.end(a, "committed");
		expect(read(log)).toEqual(["0a,2c", 5]);
		expect(read(log, 1)).toEqual(["2c", 5]);
		expect(read(log, 3)).toEqual(["", 5]);
		expect(read(log, 5)).toBeUndefined();
		expect(() => log.read(6, 1)).toThrow(RangeError);
	});

	test("a read is bounded in offsets, so that it may hold no record", () => {
		const log = new MemoryPartition("topic", 0);
		const a = open();
		log.append([record("a"), record("b")], a);
		log.end(a, "aborted");
		log.append([record("c")]);
		expect(read(log, 0, 2)).toEqual(["", 2]);
		expect(read(log, 2, 2)).toEqual(["3c", 4]);
	});

	test("compaction keeps the last of each key below its point, and leaves holes", () => {
		const log = new MemoryPartition("topic", 0);
		for (const [key, value] of ["a1", "b1", "a2", "c1", "a3", "b2"].map((x) => [
			...x,
		]))
			log.append([record(key as string, value)]);
		log.compact(4);
		expect(read(log)).toEqual(["11,22,31,43,52", 6]);
		expect(read(log, 0, 1)).toEqual(["11", 2]);
		// Compaction never covers the very last record, so b2 does not replace b1.
		log.compact(100);
		expect(read(log)).toEqual(["11,31,43,52", 6]);
		expect([log.low, log.high]).toEqual([0, 6]);
	});

	test("compaction leaves an open transaction and what comes after it", () => {
		const log = new MemoryPartition("topic", 0);
		const a = open();
		log.append([record("a", "1"), record("a", "2")]);
		log.append([record("a", "3")], a);
		log.append([record("a", "4")]);
		log.compact(100);
		log.end(a, "committed");
		expect(read(log)).toEqual(["12,23,34", 5]);
	});

	test("retention moves the start, not past an open transaction", () => {
		const log = new MemoryPartition("topic", 0);
		const a = open();
		log.append([record("a"), record("b")]);
		log.append([record("c")], a);
		log.deleteBelow(1);
		expect(log.low).toBe(1);
		log.deleteBelow(3);
		expect(log.low).toBe(2);
		expect(() => log.read(1, 1)).toThrow(RangeError);
	});

	test("whatever was written, aborted and compacted: a reader in steps of any size ends with the last committed value of each key", () => {
		const write = fc.record({
			key: fc.constantFrom("a", "b", "c"),
			end: fc.constantFrom("none", "committed", "aborted" as const),
			compact: fc.boolean(),
		});
		fc.assert(
			fc.property(
				fc.array(write, { maxLength: 40 }),
				fc.integer({ min: 1, max: 5 }),
				(writes, step) => {
					const log = new MemoryPartition("topic", 0);
					const wanted = new Map<string, string>();
					for (const [i, { key, end, compact }] of writes.entries()) {
						const transaction = open();
						if (end === "none") log.append([record(key, `${i}`)]);
						else {
							log.append([record(key, `${i}`)], transaction);
							log.end(transaction, end as "committed" | "aborted");
						}
						if (end !== "aborted") wanted.set(key, `${i}`);
						if (compact) log.compact(i);
					}
					const got = new Map<string, string>();
					let next = 0;
					for (;;) {
						const slice = log.read(next, step);
						if (slice === undefined) break;
						expect(slice.nextOffset).toBeGreaterThan(next);
						for (const r of slice.records)
							got.set(String(r.key), String(r.value));
						next = slice.nextOffset;
					}
					expect(next).toBe(log.high);
					expect(got).toEqual(wanted);
				},
			),
		);
	});
});
