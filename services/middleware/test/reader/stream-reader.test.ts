import { parseWiener } from "@fireworks/contracts";
import { afterEach, expect, test } from "vitest";
import { Counts } from "../../src/counts.ts";
import {
	FILL_QUIET_MS,
	LAG_POLL_MS,
	READER_AWAY_MAX_MS,
	READER_STALLED_MS,
} from "../../src/limits.ts";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { Ingest } from "../../src/reader/ingest.ts";
import { StreamReader } from "../../src/reader/stream-reader.ts";
import { event, range } from "../support/events.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeLog } from "../support/fake-log.ts";

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const stop of running.splice(0)) await stop();
});

function start(log: FakeLog, capacity = 1_000) {
	const clock = new FakeClock();
	const counts = new Counts();
	const queue = new EventQueue(capacity, new DeviceTable(100));
	const ingest = new Ingest({
		queue,
		counts,
		parse: ({ value }) => parseWiener(value),
		onEvents: () => {},
	});
	const warnings: string[] = [];
	const reader = new StreamReader({
		log,
		topic: "wiener",
		ingest,
		clock,
		counts,
		logger: {
			info: () => {},
			warn: (facts) => warnings.push(JSON.stringify(facts)),
		},
	});
	const stop = new AbortController();
	const done = reader.run(stop.signal);
	running.push(async () => {
		stop.abort();
		await done;
	});
	return { clock, counts, queue, reader, stop, done, warnings };
}

const seqs = (queue: EventQueue): number[] =>
	range(queue.oldest, queue.head).map(
		(o) => queue.seq[o % queue.capacity] as number,
	);

function filledLog(events: number): FakeLog {
	const log = new FakeLog(2);
	for (const seq of range(0, events))
		log.append(seq % 2, event(`d${seq % 2}`, seq));
	return log;
}

test("reads the recent past, its share of each partition, before it is ready", async () => {
	const log = filledLog(100);
	const { clock, queue, reader } = start(log, 10);
	expect(reader.notReady()).toBeDefined();
	await clock.advanceAsync(100);
	expect(reader.notReady()).toBeUndefined();
	expect(queue.low).toEqual([45, 45]);
	expect(seqs(queue).sort((a, b) => a - b)).toEqual(range(90, 100));
});

test("ends of transactions that no reader reaches: ready after a quiet time, not before", async () => {
	const log = filledLog(10);
	log.endTransaction(0);
	const { clock, reader } = start(log);
	await clock.advanceAsync(FILL_QUIET_MS - 100);
	expect(reader.notReady()).toBe(
		"reading the recent past: partition 0 is at 5 of 6",
	);
	await clock.advanceAsync(200);
	expect(reader.notReady()).toBeUndefined();
	expect(reader.filled).toBe(true);
});

test("the next record of the partition makes it ready at once", async () => {
	const log = filledLog(10);
	log.endTransaction(0);
	const { clock, reader } = start(log);
	await clock.advanceAsync(100);
	log.append(0, event("d0", 10));
	expect(reader.notReady()).toBeUndefined();
});

test("an empty topic is ready at once", async () => {
	const { clock, reader } = start(new FakeLog(2));
	await clock.advanceAsync(50);
	expect(reader.notReady()).toBeUndefined();
});

test("a topic that is not there yet: not ready, with the reason, until it is", async () => {
	const log = new FakeLog(undefined);
	const { clock, reader, warnings, queue } = start(log);
	await clock.advanceAsync(20_000, 500);
	expect(reader.notReady()).toBe("there is no topic wiener yet");
	expect(warnings).toHaveLength(1);
	log.create(2);
	log.append(1, event("d", 0));
	await clock.advanceAsync(6_000, 500);
	expect(reader.notReady()).toBeUndefined();
	expect(seqs(queue)).toEqual([0]);
});

test("a failed reader goes on where the queue ends: nothing lost, nothing doubled", async () => {
	const log = filledLog(10);
	const { clock, queue, counts } = start(log);
	await clock.advanceAsync(50);
	for (const round of range(1, 6)) {
		log.failReaders(new Error("broker gone"));
		for (const i of range(0, 10))
			log.append(i % 2, event(`d${i % 2}`, round * 10 + i));
		await clock.advanceAsync(10_000, 500);
	}
	expect(seqs(queue).sort((a, b) => a - b)).toEqual(range(0, 60));
	expect(counts.repeated).toBe(0);
	expect(counts.readerFailures).toBe(5);
	expect(log.closed).toBe(5);
});

test("what a given-up reader still brings is ignored, and so are repeats", async () => {
	const log = filledLog(2);
	const { clock, queue, counts } = start(log);
	await clock.advanceAsync(50);
	const [old] = [...log.readers];
	log.failReaders(new Error("gone"));
	await clock.advanceAsync(1_000);
	const late = {
		partition: 0,
		offset: 50,
		key: null,
		value: null,
		timestamp: 0,
		headers: {},
	};
	old?.options.onRecords("wiener", 0, [late]);
	expect(queue.next).toEqual([1, 1]);
	const [now] = [...log.readers];
	now?.options.onRecords("wiener", 0, [{ ...late, offset: 0 }]);
	expect(counts.repeated).toBe(1);
	expect(queue.count).toBe(2);
});

test("not ready when it cannot read for longer than a bound, ready again when it does", async () => {
	const log = filledLog(2);
	const { clock, reader } = start(log);
	await clock.advanceAsync(50);
	const read = log.read.bind(log);
	log.read = async () => {
		throw new Error("no broker");
	};
	log.failReaders(new Error("gone"));
	await clock.advanceAsync(READER_AWAY_MAX_MS - 500, 500);
	expect(reader.notReady()).toBeUndefined();
	await clock.advanceAsync(1_000, 500);
	expect(reader.notReady()).toMatch(/^not reading for \d+ ms: no broker$/);
	expect(reader.filled).toBe(true);
	log.read = read;
	await clock.advanceAsync(6_000, 500);
	expect(reader.notReady()).toBeUndefined();
});

test("a reader that says nothing while the topic's end moves on is opened anew", async () => {
	const log = filledLog(2);
	const { clock, queue, counts, reader } = start(log);
	await clock.advanceAsync(LAG_POLL_MS + 100, 100);
	log.silent = true;
	for (const seq of range(2, 12))
		log.append(seq % 2, event(`d${seq % 2}`, seq));
	await clock.advanceAsync(LAG_POLL_MS, 500);
	expect(reader.lag()).toEqual([5, 5]);
	await clock.advanceAsync(READER_STALLED_MS - LAG_POLL_MS, 500);
	log.silent = false;
	await clock.advanceAsync(LAG_POLL_MS + 1_000, 500);
	expect(counts.readerFailures).toBe(1);
	expect(seqs(queue)).toHaveLength(12);
});

test("a quiet topic is no reason to open the reader anew", async () => {
	const log = filledLog(2);
	log.endTransaction(0);
	const { clock, counts } = start(log);
	await clock.advanceAsync(5 * READER_STALLED_MS, 500);
	expect(counts.readerFailures).toBe(0);
	expect(log.opened).toBe(1);
});

test("a topic that was made anew, or lost what comes next: the queue begins anew", async () => {
	const log = filledLog(40);
	const { clock, queue, warnings } = start(log);
	await clock.advanceAsync(50);
	const { generation } = queue;
	log.create(3);
	log.append(2, event("new", 7));
	await clock.advanceAsync(LAG_POLL_MS + 1_000, 500);
	expect(queue.generation).toBe(generation + 1);
	expect(seqs(queue)).toEqual([7]);
	expect(queue.next).toEqual([0, 0, 1]);
	expect(warnings.at(-1)).toContain("3 partitions");
});

test("records that are none are passed, counted, and never seen again", async () => {
	const log = new FakeLog(1);
	log.append(0, "{}");
	log.append(0, event("d".repeat(257), 0));
	log.append(0, event("d", 0));
	log.append(
		0,
		'{"deviceId":"d","seq":1,"timestamp":1,"dt":0,"increment":0,"value":NaN}',
	);
	const { clock, queue, counts } = start(log);
	await clock.advanceAsync(50);
	expect(seqs(queue)).toEqual([0]);
	expect(queue.next).toEqual([4]);
	expect(counts).toMatchObject({ received: 4, invalid: 3 });
});

test("a failed reader that is slow to close does not hold up the next one; a stop waits for it", async () => {
	const log = filledLog(2);
	const slowly = Promise.withResolvers<void>();
	const read = log.read.bind(log);
	log.read = async (options) => {
		const { ended, close } = await read(options);
		return { ended, close: () => slowly.promise.then(close) };
	};
	const { clock, queue, stop, done } = start(log);
	await clock.advanceAsync(50);
	log.failReaders(new Error("gone"));
	log.append(0, event("d0", 2));
	await clock.advanceAsync(200);
	expect(seqs(queue)).toHaveLength(3);
	expect(log.closed).toBe(0);
	stop.abort();
	slowly.resolve();
	await done;
	expect(log.closed).toBe(2);
});

test("a stop closes the reader before it returns, also one that is just being opened", async () => {
	const log = filledLog(2);
	const { clock, stop, done } = start(log);
	await clock.advanceAsync(50);
	stop.abort();
	await done;
	expect(log.closed).toBe(1);
	expect(log.readers.size).toBe(0);

	const slow = filledLog(2);
	const opened = Promise.withResolvers<void>();
	const read = slow.read.bind(slow);
	slow.read = async (options) => {
		await opened.promise;
		return read(options);
	};
	const second = start(slow);
	await second.clock.advanceAsync(50);
	second.stop.abort();
	opened.resolve();
	await second.done;
	expect(slow.closed).toBe(1);
});
