/** Outputs go to the partition of their own key, whatever the input's is. */
import { partitionOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineStage, defineStateless, type Stage } from "../src/index.ts";
import { partitionOfKey } from "../src/stage/partition-of-text.ts";
import { testDriver } from "../src/testing/index.ts";

const KINDS = ["sun", "rain", "snow", "fog", "drizzle"];
const day = z.object({ kind: z.string() });

const byKind = defineStateless({
	name: "by-kind",
	input: day,
	output: day,
	outputs: ({ value }) => [{ key: value.kind, value }],
});

const counts = defineStage({
	name: "counts",
	input: day,
	state: z.int(),
	output: z.int(),
	step: (n = 0) => ({ state: n + 1, outputs: [{ value: n + 1 }] }),
});

test("a count by another key than the input's is whole", async () => {
	const first = await testDriver(byKind, { outputPartitions: 7 });
	const days = Array.from({ length: 200 }, (_, i) => ({
		key: `day-${i}`,
		value: { kind: KINDS[i % KINDS.length] },
	}));
	await first.pipe(...days);
	const rekeyed = first.outputs();
	for (const { key, partition } of rekeyed)
		expect(partition).toBe(partitionOf(Buffer.from(key as string), 7));
	await first.close();
	const second = await testDriver(counts, { partitions: 7 });
	await second.pipe(
		...rekeyed.map(({ key, value, partition }) => ({ key, value, partition })),
	);
	expect(second.states()).toEqual(new Map(KINDS.map((kind) => [kind, 40])));
	await second.close();
});

test("the partition of a text is that of its bytes", () => {
	for (const key of ["", "a", "device-0001", "ü", "日本", "x".repeat(1_000)])
		for (const partitions of [1, 4, 7, 100])
			expect(partitionOfKey(key, partitions)).toBe(
				partitionOf(Buffer.from(key), partitions),
			);
});

/** Copies records; the key is absent, or taken from the value. */
const copy = (sameKey: boolean): Stage<string, never, string> => ({
	name: "copy",
	decode: ({ value }) => String(value),
	keyOf: (value) => value,
	step: (_, value) => ({ outputs: [value] }),
	encodeOutput: (value) => ({
		key: value === "keyless" ? null : value,
		value,
		timestamp: 0,
	}),
	state: { encode: String, decode: () => undefined as never },
	config: {},
	sameKey,
});

test("an output without a key stays in the partition of its input", async () => {
	const driver = await testDriver(copy(false), { outputPartitions: 3 });
	for (const partition of [0, 1, 2, 3])
		await driver.pipe({ key: "k", value: "keyless", partition });
	expect(driver.outputs().map(({ partition }) => partition)).toEqual([
		0, 0, 1, 2,
	]);
	await driver.close();
});

test("a stage that promises the input's key, and writes another, stops", async () => {
	const driver = await testDriver(copy(true));
	await expect(
		driver.pipe(
			...["a", "b", "c", "d", "e"].map((value) => ({ key: "k", value })),
		),
	).rejects.toThrow("the stage promises outputs with the key of their input");
});
