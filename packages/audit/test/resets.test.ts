/**
 * Devices that were reset: each path is compared with its own ticks, and a reset excuses nothing
 * else.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditReport } from "../src/report.ts";
import {
	EPOCH,
	type Logs,
	logsOf,
	run,
	spoiled,
	tick,
	ticks,
	withFields,
} from "./stream.ts";

const FAR = Date.UTC(2036, 1, 12);
/**
 * Device a has 5 ticks, then one dated 2036, then continues with correct times. Device b continues
 * normally.
 */
const input = [
	...ticks(["a", "b"], 5),
	tick("a", 9, { timestamp: FAR }),
	...Array.from({ length: 10 }, (_, i) => [
		tick("a", 10 + i),
		tick("b", 5 + i),
	]).flat(),
];
/** Before tick 15 of a: record 21 of the input, at offset 42. */
const RESETS = new Map([["a", [42]]]);

describe("a device that is refused on every tick", () => {
	const logs = logsOf(input);

	test("is named in the summary, and is no finding", async () => {
		const result = await run(logs);
		expect(result.findings).toEqual([]);
		expect(result.clean).toBe(true);
		expect(result.refusedDevices).toEqual([
			{
				deviceId: "a",
				code: "time-not-increasing",
				ticks: 10,
				seq: 9,
				timestamp: FAR,
			},
		]);
		expect(auditReport(result).join("\n")).toContain(
			"a is refused on every tick (10 so far): time-not-increasing, waits for a time after 2036-02-12T00:00:00.000Z",
		);
	});

	test("no more once a tick was taken", async () => {
		const { refusedDevices } = await run(
			logsOf([...input, tick("a", 30, { timestamp: FAR + 1 })]),
		);
		expect(refusedDevices).toEqual([]);
	});
});

describe("a device that was reset", () => {
	const logs = logsOf(input, { resets: RESETS });

	test("begins a new path, which is clean", async () => {
		const result = await run(logs, { resets: RESETS });
		expect(result.findings).toEqual([]);
		expect(result.counts.resets).toBe(1);
		expect(result.counts.refused["time-not-increasing"]).toBe(5);
		expect(result.refusedDevices).toEqual([]);
		expect(auditReport(result).join("\n")).toContain("1 resets");
	});

	test("is a finding where no reset is known", async () => {
		expect((await run(logs)).clean).toBe(false);
	});

	test("excuses nothing of the other devices, nor of its own paths", async () => {
		for (const [id, index] of [
			["b", 3],
			["a", 2],
			["a", -1],
		] as const) {
			const spoilt = spoiled(logs, "wiener", (records) => {
				const own = records.filter(({ key }) => String(key) === id);
				const wrong = own.at(index);
				return records.map((record) =>
					record === wrong ? withFields(record, { value: 1_000 }) : record,
				);
			});
			const { findings } = await run(spoilt, { resets: RESETS });
			expect(findings).toMatchObject([
				{ kind: "changed-field", deviceId: id, field: "value" },
			]);
		}
	});

	test("it may count from 0 again", async () => {
		const restarted = [
			...ticks(["a", "b"], 10),
			...Array.from({ length: 10 }, (_, seq) =>
				tick("a", seq, { timestamp: EPOCH + 60_000 + seq * 1_000 }),
			),
		];
		const resets = new Map([["a", [2 * 23]]]);
		const result = await run(logsOf(restarted, { resets }), { resets });
		expect(result.findings).toEqual([]);
		expect(result.counts.refused["clock-restarted"]).toBe(3);
	});

	test("again and again, in any order of reading, also where retention has taken the start", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(fc.integer({ min: 2, max: 55 }), { maxLength: 4 }),
				fc.integer({ min: 0, max: 30 }),
				fc.integer({ min: 1, max: 50 }),
				async (records, from, batchSize) => {
					// A device can be reset only when it has a state, so at most before every
					// second of its ticks.
					const at = records
						.map((n) => 2 * n)
						.sort((a, b) => a - b)
						.filter(
							(offset, i, all) => i === 0 || offset - (all[i - 1] ?? 0) > 8,
						);
					const resets = new Map([["a", at]]);
					const whole = logsOf(ticks(["a", "b"], 30), { resets });
					const start = { metronome: 2 * from, wiener: 2 * from };
					const held: Logs = {
						metronome: whole.metronome.filter(
							(r) => r.offset >= start.metronome,
						),
						wiener: whole.wiener.filter((r) => r.offset >= start.wiener),
						deadLetter: whole.deadLetter,
					};
					const { findings } = await run(held, { resets, start, batchSize });
					expect(findings).toEqual([]);
				},
			),
			{ numRuns: 300 },
		);
	});
});
