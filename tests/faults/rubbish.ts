/**
 * Invalid or refused ticks: the contract's vectors in order, and cases that a list of small records
 * cannot contain.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { partitionOf } from "@fireworks/contracts";
import type { ForeignRecord } from "./other-client.ts";

interface Vector {
	key: string | null;
	value: string | null;
	outcome: string;
	partition: number | null;
}
const bytes = (hex: string | null) =>
	hex === null ? null : Buffer.from(hex, "hex");
const VECTORS: readonly Vector[] = readFileSync(
	new URL(
		"../../packages/contracts/vectors/tick-vectors.jsonl",
		import.meta.url,
	),
	"utf8",
)
	.trimEnd()
	.split("\n")
	.map((line) => JSON.parse(line));

export interface Rubbish extends ForeignRecord {
	outcome: string;
}

const tickOf = (deviceId: string) =>
	Buffer.from(
		JSON.stringify({
			deviceId,
			seq: 1,
			timestamp: 1000,
			drift: 0,
			volatility: 1,
		}),
	);
const key = Buffer.from("device-0001");
const partition = partitionOf(key, 4);

/** The vectors in order, and the cases that a list of small records cannot contain. */
export const RUBBISH: readonly Rubbish[] = [
	...VECTORS.map((v) => ({
		key: bytes(v.key),
		value: bytes(v.value),
		partition: v.partition ?? 0,
		outcome: v.outcome,
	})),
	{ key, value: randomBytes(900_000), partition, outcome: "bad-encoding" },
	{ key, value: Buffer.alloc(900_000, "["), partition, outcome: "bad-json" },
	// In the partition of another key. Only its partition is wrong.
	{
		key,
		value: tickOf("device-0001"),
		partition: (partition + 1) % 4,
		outcome: "wrong-partition",
	},
	// kafkajs mistook such a key for the end of an aborted transaction.
	{
		key: Buffer.alloc(4),
		value: Buffer.from("x"),
		partition: 2,
		outcome: "bad-json",
	},
];

export const countsOf = (outcomes: readonly string[]) => {
	const counts: Record<string, number> = {};
	for (const outcome of outcomes.toSorted())
		counts[outcome] = (counts[outcome] ?? 0) + 1;
	return counts;
};
export const isRefused = ({ outcome }: Rubbish) =>
	outcome !== "apply" && outcome !== "repeat";
