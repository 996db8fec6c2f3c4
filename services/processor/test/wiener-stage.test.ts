/**
 * Checks the Wiener stage on the real runtime against the contract's vectors: each verdict, and
 * each value bit for bit.
 */
import { readFileSync } from "node:fs";
import { testDriver } from "@fireworks/streams/testing";
import { describe, expect, test } from "vitest";
import { wienerStage } from "../src/wiener-stage.ts";

const vectors = <T>(name: string): T[] =>
	readFileSync(
		new URL(`../../../packages/contracts/vectors/${name}`, import.meta.url),
		"utf8",
	)
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));

const bytes = (hex: string | null) =>
	hex === null ? null : Buffer.from(hex, "hex");
const bits = (x: number): string => {
	const buffer = Buffer.alloc(8);
	buffer.writeDoubleBE(x + 0);
	return buffer.toString("hex");
};

test("tick vectors: every record has its outcome", async () => {
	const driver = await testDriver(wienerStage("0"), { partitions: 4 });
	for (const { key, value, outcome, partition } of vectors<{
		key: string | null;
		value: string | null;
		outcome: string;
		partition: number | null;
	}>("tick-vectors.jsonl")) {
		const before = {
			outputs: driver.outputs().length,
			deadLetters: driver.deadLetters().length,
		};
		await driver.pipe({
			key: bytes(key),
			value: bytes(value),
			partition: partition ?? 0,
		});
		const deadLetters = driver.deadLetters().slice(before.deadLetters);
		expect(driver.outputs().length - before.outputs, outcome).toBe(
			outcome === "apply" ? 1 : 0,
		);
		expect(deadLetters.map((d) => d.headers["error-code"])).toEqual(
			outcome === "apply" || outcome === "repeat" ? [] : [outcome],
		);
	}
	await driver.close();
});

test("a good tick in the wrong partition is refused, and its device stays as it was", async () => {
	const driver = await testDriver(wienerStage("0"), { partitions: 4 });
	const value = {
		deviceId: "device-0001",
		seq: 0,
		timestamp: 1_000,
		drift: 0,
		volatility: 1,
	};
	await driver.pipe(
		{ key: "device-0001", value, partition: 0 },
		{ key: "device-0001", value, partition: 1 },
		{ key: "device-0001", value, partition: 2 },
		{ key: "device-0001", value, partition: 3 },
	);
	expect(driver.deadLetters().map((d) => d.headers["error-code"])).toEqual(
		Array(3).fill("wrong-partition"),
	);
	expect(driver.outputs().length).toBe(1);
	await driver.close();
});

describe("wiener vectors: every double, also across a restart", () => {
	type Vector = {
		seed: string;
		tick: { deviceId: string; seq: number };
		bits: Record<"dt" | "increment" | "value", string>;
	};
	const bySeed = Map.groupBy(
		vectors<Vector>("wiener-vectors.jsonl"),
		(v) => v.seed,
	);
	test.each([...bySeed])("seed %s", async (seed, all) => {
		// One partition, so that the outputs come in the order of the vectors.
		const driver = await testDriver(wienerStage(seed), { partitions: 1 });
		for (const [i, { tick }] of all.entries()) {
			if (i === all.length >> 1) await driver.restart();
			await driver.pipe({ key: tick.deviceId, value: tick });
		}
		const outputs = driver
			.outputs()
			.map((o) => o.json as Record<"dt" | "increment" | "value", number>);
		expect(
			outputs.map(({ dt, increment, value }) => ({
				dt: bits(dt),
				increment: bits(increment),
				value: bits(value),
			})),
		).toEqual(all.map((v) => v.bits));
		await driver.close();
	});
});

test("a jump in seq is applied, a repeat is not", async () => {
	const driver = await testDriver(wienerStage("0"));
	const tick = (seq: number) => ({
		key: "a",
		value: {
			deviceId: "a",
			seq,
			timestamp: 1_000 + seq,
			drift: 0,
			volatility: 1,
		},
	});
	await driver.pipe(tick(0), tick(5), tick(5));
	expect(driver.outputs().map((o) => (o.json as { seq: number }).seq)).toEqual([
		0, 5,
	]);
	await driver.close();
});
