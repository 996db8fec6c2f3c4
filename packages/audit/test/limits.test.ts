/** The audit's memory stays bounded, even if outputs never come. */
import { expect, test } from "vitest";
import { ExpectedQueue } from "../src/expected-queue.ts";
import type { LogRecord } from "../src/index.ts";
import type { Expected } from "../src/path-record.ts";
import { SeqRanges } from "../src/seq-ranges.ts";
import {
	auditOf,
	findRecord,
	logsOf,
	numbered,
	rangeOf,
	run,
	source,
	spoiled,
	tick,
	ticks,
} from "./stream.ts";

test("a device that lost everything: all are found within small limits, and only its own", async () => {
	const logs = logsOf(ticks(["a", "b", "c"], 200));
	const lost = spoiled(logs, "wiener", (r) =>
		r.filter(({ key }) => `${key}` !== "b"),
	);
	const { findingsTotal, findings } = await run(lost, {
		limits: {
			expectedPerDeviceMax: 20,
			overduePerDeviceMax: 5,
			earlyPerPartitionMax: 10,
		},
	});
	expect(findingsTotal).toBe(200);
	expect(new Set(findings.map((f) => `${f.kind} ${f.deviceId}`))).toEqual(
		new Set(["missing-record b"]),
	);
	expect(findings.map(({ seq }) => seq)).toEqual([...Array(200).keys()]);
});

test("a record that comes after it was reported missing is out of order", async () => {
	const logs = logsOf(ticks(["a"], 100));
	const victim = findRecord(logs.wiener, "a", 10);
	const moved = spoiled(logs, "wiener", (r) =>
		numbered([...r.toSpliced(10, 1), victim]),
	);
	const holed = spoiled(moved, "wiener", (r) =>
		r.filter((_, i) => ![20, 30, 40].includes(i)),
	);
	const { findings } = await run(holed, { limits: { overduePerDeviceMax: 2 } });
	expect(findings.filter(({ seq }) => seq === 10)).toMatchObject([
		{ kind: "missing-record" },
		{ kind: "out-of-order" },
	]);
	expect(findings).toHaveLength(5);
});

test("the topic that is behind is read next, so every topic is read", () => {
	const logs = logsOf([...ticks(["a"], 3), source("a", "{"), tick("a", 4)]);
	const partition = auditOf({}).partition(rangeOf(logs, {}));
	expect(partition.wants()).toBe("metronome");
	partition.take("metronome", logs.metronome[0] as LogRecord);
	expect(partition.wants()).toBe("wiener");
	partition.take("wiener", logs.wiener[0] as LogRecord);
	expect(partition.wants()).toBe("metronome");
	partition.take("metronome", logs.metronome[3] as LogRecord);
	expect(partition.wants()).toBe("deadLetter");
	partition.end("deadLetter");
	expect(partition.wants()).toBe("metronome");
	partition.end("metronome");
	expect(partition.wants()).toBe("wiener");
	partition.end("wiener");
	expect(partition.wants()).toBeUndefined();
});

test("records that run ahead make the ticks go on, so neither side piles up", () => {
	const logs = logsOf(ticks(["a", "b"], 50));
	const limits = { earlyPerPartitionMax: 4 };
	const partition = auditOf({ limits }).partition(rangeOf(logs, {}));
	// A tick of "a" is due, but only records of "b" come.
	partition.take("metronome", logs.metronome[0] as LogRecord);
	for (const record of logs.wiener
		.filter(({ key }) => `${key}` === "b")
		.slice(0, 4)) {
		expect(partition.wants()).toBe("wiener");
		partition.take("wiener", record);
	}
	expect(partition.wants()).toBe("metronome");
});

test("a missing record does not make the records be read ahead", () => {
	const logs = logsOf(ticks(["a", "b"], 500));
	const victim = findRecord(logs.wiener, "a", 7);
	const records = logs.wiener.filter((record) => record !== victim);
	const audit = auditOf({});
	const partition = audit.partition(rangeOf(logs, {}));
	const taken = { metronome: 0, wiener: 0, deadLetter: 0 };
	const topics = { metronome: logs.metronome, wiener: records, deadLetter: [] };
	for (
		let topic = partition.wants();
		topic !== undefined;
		topic = partition.wants()
	) {
		const record = topics[topic][taken[topic]++];
		if (record === undefined) partition.end(topic);
		else partition.take(topic, record);
		expect(Math.abs(taken.metronome - taken.wiener)).toBeLessThanOrEqual(4);
	}
	partition.finish();
	expect(audit.result().findings).toMatchObject([
		{ kind: "missing-record", seq: 7 },
	]);
});

test("refused records whose dead letters never come", async () => {
	const logs = logsOf(Array.from({ length: 50 }, () => source("a", "{")));
	const { findingsByKind } = await run(
		spoiled(logs, "deadLetter", () => []),
		{ limits: { deadLettersPerPartitionMax: 5 } },
	);
	expect(findingsByKind).toEqual({ "missing-dead-letter": 50 });
});

test("SeqRanges: adjoining ranges become one, the oldest is forgotten", () => {
	const ranges = new SeqRanges(2);
	ranges.add(5, 4);
	expect(ranges.has(4)).toBe(false);
	ranges.add(1, 3);
	ranges.add(4, 4);
	ranges.add(10, 12);
	const inside = [0, 1, 4, 5, 9, 10, 12, 13].filter((seq) => ranges.has(seq));
	expect(inside).toEqual([1, 4, 10, 12]);
	ranges.add(20, 20);
	expect([1, 10, 20].filter((seq) => ranges.has(seq))).toEqual([10, 20]);
});

test("ExpectedQueue: finds by seq, keeps its order over many pushes and shifts", () => {
	const queue = new ExpectedQueue();
	const push = (seq: number) => queue.push({ seq } as Expected);
	expect(queue.shift()).toBeUndefined();
	expect(queue.indexOf(0)).toBe(-1);
	let next = 0;
	for (let pushed = 0; pushed < 1000; pushed++) {
		push(pushed * 3);
		if (pushed % 3 === 0) continue;
		expect(queue.shift()?.seq).toBe(next);
		next += 3;
	}
	expect(queue.length).toBe(334);
	expect(queue.indexOf(next)).toBe(0);
	expect(queue.indexOf(next + 3 * 100)).toBe(100);
	expect(queue.indexOf(next + 1)).toBe(-1);
	expect(queue.indexOf(2997)).toBe(333);
	expect(queue.indexOf(3000)).toBe(-1);
});
