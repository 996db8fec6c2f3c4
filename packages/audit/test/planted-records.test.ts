/** Faults in `wiener`, each added to a stream that is clean without it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../src/index.ts";
import { at, logs, replaced, runWith, victim } from "./planted.ts";
import { EPOCH, findRecord, withFields } from "./stream.ts";

test("dropped: a missing record, named by its tick", async () => {
	const { clean, findings } = await runWith((r) => r.toSpliced(at, 1));
	expect(clean).toBe(false);
	expect(findings).toEqual([
		{
			kind: "missing-record",
			topic: "metronome",
			partition: 0,
			offset: findRecord(logs.metronome, "a", 5).offset,
			deviceId: "a",
			seq: 5,
			expected: expect.stringMatching(
				/^a record with value .* \([0-9a-f]{16}\)$/,
			),
			found: "none",
		},
	]);
});

test("dropped at the end: a missing record as well", async () => {
	const { findings } = await runWith((records) => records.slice(0, -1));
	expect(findings).toMatchObject([
		{ kind: "missing-record", deviceId: "b", seq: 11 },
	]);
});

test("all dropped: every one is missing", async () => {
	const { findingsTotal, findingsByKind } = await runWith(() => []);
	expect(findingsTotal).toBe(24);
	expect(findingsByKind).toEqual({ "missing-record": 24 });
});

test.each([
	["at once", at + 1],
	["later", at + 7],
	["at the end", logs.wiener.length],
])("doubled %s: a duplicated record", async (_, where) => {
	for (const batchSize of [1, 3, 100]) {
		const { findings } = await runWith(
			(records) => records.toSpliced(where, 0, victim),
			{ batchSize },
		);
		expect(findings).toMatchObject([
			{
				kind: "duplicated-record",
				topic: "wiener",
				offset: where * 2,
				deviceId: "a",
				seq: 5,
			},
		]);
	}
});

test("the whole topic doubled: each record once too often", async () => {
	const { findingsByKind } = await runWith((r) => [...r, ...r]);
	expect(findingsByKind).toEqual({ "duplicated-record": 24 });
});

describe("one field changed", () => {
	const fields = JSON.parse(`${victim.value}`) as Record<string, number>;
	const oneBitMore = (x: number) => {
		const bits = new DataView(new ArrayBuffer(8));
		bits.setFloat64(0, x);
		bits.setBigUint64(0, bits.getBigUint64(0) ^ 1n);
		return bits.getFloat64(0);
	};

	test.each(["dt", "increment", "value", "drift", "volatility"])(
		"the last bit of %s",
		async (field) => {
			const found = oneBitMore(fields[field] as number);
			const { findings } = await runWith(
				replaced(withFields(victim, { [field]: found })),
			);
			expect(findings).toMatchObject([
				{
					kind: "changed-field",
					topic: "wiener",
					offset: at * 2,
					seq: 5,
					field,
				},
			]);
			const [{ expected = "", found: shown = "" } = {}] = findings;
			expect(expected).toMatch(
				new RegExp(`^${fields[field]} \\([0-9a-f]{16}\\)$`),
			);
			expect(shown).toMatch(new RegExp(`^${found} \\([0-9a-f]{16}\\)$`));
			expect(shown.slice(-17)).not.toBe(expected.slice(-17));
		},
	);

	test("the event time", async () => {
		const timestamp = victim.timestamp + 1;
		const { findings } = await runWith(
			replaced(withFields(victim, { timestamp })),
		);
		expect(findings).toMatchObject([
			{ kind: "changed-field", field: "timestamp" },
		]);
	});

	test("the record's own timestamp", async () => {
		const { findings } = await runWith(replaced({ ...victim, timestamp: 7 }));
		expect(findings).toMatchObject([
			{ field: "record timestamp", expected: `${EPOCH + 5000}`, found: "7" },
		]);
	});

	test("the deviceId, but not the key", async () => {
		const { findings } = await runWith(
			replaced(withFields(victim, { deviceId: "b" })),
		);
		expect(findings).toMatchObject([
			{ field: "deviceId", expected: '"a"', found: '"b"' },
		]);
	});

	test("the seq: its tick has no record, and the record no tick", async () => {
		const { findings } = await runWith(
			replaced(withFields(victim, { seq: 500 })),
		);
		expect(findings.map(({ kind, seq }) => [kind, seq]).sort()).toEqual([
			["missing-record", 5],
			["record-without-tick", 500],
		]);
	});
});

test("a path that goes on from a wrong value is wrong from there on", async () => {
	const { findingsByKind } = await runWith((records) =>
		records.map((record) => {
			const { deviceId, seq, value } = JSON.parse(`${record.value}`);
			return deviceId === "a" && seq >= 5
				? withFields(record, { value: value + 1 })
				: record;
		}),
	);
	expect(findingsByKind).toEqual({ "changed-field": 7 });
});

test("swapped: one finding that says out of order", async () => {
	const other = findRecord(logs.wiener, "a", 6);
	for (const batchSize of [1, 3, 100]) {
		const { findings } = await runWith(
			(records) =>
				records.with(at, other).with(logs.wiener.indexOf(other), victim),
			{ batchSize },
		);
		expect(findings.map(({ kind }) => kind)).toEqual(["out-of-order"]);
	}
});

test("moved to the end: one finding that says out of order", async () => {
	const { findings } = await runWith((r) => [...r.toSpliced(at, 1), victim]);
	expect(findings).toMatchObject([{ kind: "out-of-order", seq: 5 }]);
});

test("many findings: the first ones are kept, all are counted", async () => {
	const { findings, findingsTotal } = await runWith(() => [], {
		limits: { findingsKeptMax: 5 },
	});
	expect(findings).toHaveLength(5);
	expect(findingsTotal).toBe(24);
});

test("any single fault is found, and nothing else", async () => {
	const kinds = {
		drop: "missing-record",
		double: "duplicated-record",
		change: "changed-field",
		invent: "record-without-tick",
	} as const;
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
			fc.nat(logs.wiener.length - 1),
			fc.nat(logs.wiener.length),
			fc.integer({ min: 1, max: 30 }),
			async (fault, which, where, batchSize) => {
				const record = logs.wiener[which] as LogRecord;
				const later = Math.max(where, which + 1);
				const { findings } = await runWith(
					(r) => {
						if (fault === "drop") return r.toSpliced(which, 1);
						if (fault === "double") return r.toSpliced(later, 0, record);
						if (fault === "change") {
							return r.with(which, withFields(record, { value: 1e9 }));
						}
						return r.toSpliced(where, 0, withFields(record, { seq: 77 }));
					},
					{ batchSize },
				);
				expect(findings.map(({ kind }) => kind)).toEqual([kinds[fault]]);
			},
		),
	);
});
