import { partitionOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { deadLetterOfInput, toOutgoing } from "../../src/index.ts";

test("a key decides the partition, as Kafka's default partitioner does", () => {
	const outgoing = toOutgoing(7);
	for (const key of ["a", "Zürich", "9007199254740993", "a"])
		expect(outgoing({ key, time: 5 }, "{}", 3)).toEqual({
			partition: partitionOf(Buffer.from(key), 7),
			key: Buffer.from(key),
			value: "{}",
			timestamp: 5,
		});
});

test("records without a key go to the partitions in turn; times before 1970 become 0", () => {
	const outgoing = toOutgoing(3);
	const of = (turn: number) => outgoing({ key: null, time: -5 }, "{}", turn);
	expect([0, 1, 2, 3].map((turn) => of(turn).partition)).toEqual([0, 1, 2, 0]);
	expect(of(0)).toMatchObject({ key: null, timestamp: 0 });
});

test("a dead letter says what, why and from where, and bounds the message", () => {
	const { headers, ...record } = deadLetterOfInput(
		{
			code: "bad-json",
			message: "m".repeat(5_000),
			source: "file:a.csv",
			stream: "s",
			value: "text",
			partition: 2,
			headers: { "source-line": "7" },
		},
		9,
	);
	expect(record).toEqual({
		partition: 2,
		key: null,
		value: "text",
		timestamp: 9,
	});
	expect(headers).toEqual({
		"error-code": "bad-json",
		"error-message": "m".repeat(1_000),
		"source-topic": "file:a.csv",
		"source-line": "7",
		"target-stream": "s",
	});
});
