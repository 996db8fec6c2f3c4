import { expect, test } from "vitest";
import { partitionOf } from "../src/partition.ts";

// The hashes of kafka's own UtilsTest.testMurmur2, made positive, modulo a large prime.
test.each([
	["21", -973932308],
	["foobar", -790332482],
	["a-little-bit-long-string", -985981536],
	["a-little-bit-longer-string", -1486304829],
	["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
	["abc", 479470107],
])("murmur2 of %j is Kafka's", (key, hash) => {
	const prime = 2_147_483_629;
	expect(partitionOf(Buffer.from(key), prime)).toBe(
		(hash & 0x7fffffff) % prime,
	);
});

test("a single partition takes every key", () => {
	expect(partitionOf(Buffer.alloc(0), 1)).toBe(0);
	expect(partitionOf(Buffer.from("💥"), 1)).toBe(0);
});
