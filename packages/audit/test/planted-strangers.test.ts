/**
 * Records in `wiener` that have no tick or cannot be read, each added to a stream that is clean
 * without it.
 */
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../src/index.ts";
import { at, replaced, runWith, victim } from "./planted.ts";
import {
	EPOCH,
	logsOf,
	numbered,
	run,
	spoiled,
	tick,
	ticks,
	withFields,
} from "./stream.ts";

describe("records without a tick", () => {
	const madeUp = (fields: object, key = "a") =>
		withFields(
			{ ...victim, key: Buffer.from(key) },
			{ deviceId: key, ...fields },
		);

	test.each([
		["of a device that never ticked", madeUp({}, "ghost")],
		[
			"far ahead of the device",
			madeUp({ seq: 10 ** 9, timestamp: EPOCH + 10 ** 12 }),
		],
	])("%s", async (_, record) => {
		for (const batchSize of [1, 3, 100]) {
			const { findings } = await runWith((r) => r.toSpliced(at, 0, record), {
				batchSize,
			});
			expect(findings).toMatchObject([
				{ kind: "record-without-tick", topic: "wiener", offset: at * 2 },
			]);
		}
	});

	test("of a seq that the device jumped over", async () => {
		const jumping = logsOf([tick("a", 0), tick("a", 5), tick("a", 6)]);
		for (const where of [1, 2, 3]) {
			const { findings } = await run(
				spoiled(jumping, "wiener", (r) =>
					numbered(r.toSpliced(where, 0, madeUp({ seq: 3 }))),
				),
			);
			expect(findings).toMatchObject([{ kind: "record-without-tick", seq: 3 }]);
		}
	});

	test("of a tick that was refused", async () => {
		const refused = logsOf([
			tick("a", 0),
			tick("a", 1),
			tick("a", 2, { timestamp: EPOCH }),
		]);
		const record = madeUp({ seq: 2, timestamp: EPOCH });
		for (const ticksCoverRecords of [true, false]) {
			const { findings } = await run(
				spoiled(refused, "wiener", (r) => numbered([...r, record])),
				{ ticksCoverRecords },
			);
			expect(findings).toMatchObject([{ kind: "record-without-tick", seq: 2 }]);
		}
	});
});

test("in another partition than its key's", async () => {
	const elsewhere = logsOf(ticks(["d"], 3), { partition: 1, partitions: 4 });
	const [record] = elsewhere.wiener as [LogRecord];
	const { findings } = await run(
		{ metronome: [], wiener: [{ ...record, partition: 2 }], deadLetter: [] },
		{ partition: 2, partitions: 4 },
	);
	expect(findings).toMatchObject([
		{
			kind: "wrong-partition",
			partition: 2,
			deviceId: "d",
			expected: "partition 1, its key's",
			found: "partition 2",
		},
	]);
});

test.each([
	["no value", null],
	["not UTF-8", Buffer.from([0xff])],
	["not JSON", Buffer.from('{"deviceId":"a"')],
	["not an object", Buffer.from("7")],
	["deviceId is not a string", Buffer.from("[]")],
	["value is not a number", withFields(victim, { value: "1" }).value],
	["drift is not a number", withFields(victim, { drift: undefined }).value],
	["seq is not a whole number", withFields(victim, { seq: 5.5 }).value],
])("unreadable: %s", async (why, value) => {
	const { findings } = await runWith(replaced({ ...victim, value }));
	expect(findings).toHaveLength(2);
	expect(findings).toContainEqual(
		expect.objectContaining({
			kind: "unreadable-record",
			offset: at * 2,
			deviceId: "a",
			found: why,
		}),
	);
	expect(findings).toContainEqual(
		expect.objectContaining({ kind: "missing-record", seq: 5 }),
	);
});

test.each([
	["no key", null],
	["a key that is not UTF-8", Buffer.from([0xff])],
])("unreadable: %s", async (why, key) => {
	const { findings } = await runWith((r) => [...r, { ...victim, key }]);
	expect(findings).toMatchObject([{ kind: "unreadable-record", found: why }]);
});
