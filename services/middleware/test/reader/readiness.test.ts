/** When a pod is ready: after its recent past, and while it can read. */
import { expect, test } from "vitest";
import { FILL_QUIET_MS, READER_AWAY_MAX_MS } from "../../src/limits.ts";
import { event, range } from "../support/events.ts";
import { FakeLog } from "../support/fake-log.ts";
import { filledLog, seqs, startReader } from "../support/running-reader.ts";

test("reads the recent past, its share of each partition, before it is ready", async () => {
	const log = filledLog(100);
	const { clock, queue, reader } = startReader(log, 10);
	expect(reader.notReady()).toBeDefined();
	await clock.advanceAsync(100);
	expect(reader.notReady()).toBeUndefined();
	expect(queue.low).toEqual([45, 45]);
	expect(seqs(queue).sort((a, b) => a - b)).toEqual(range(90, 100));
});

test("a partition that ends in transaction markers: ready after a quiet time, and not before", async () => {
	const log = filledLog(10);
	log.endTransaction(0);
	const { clock, reader } = startReader(log);
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
	const { clock, reader } = startReader(log);
	await clock.advanceAsync(100);
	log.append(0, event("d0", 10));
	expect(reader.notReady()).toBeUndefined();
});

test("an empty topic is ready at once", async () => {
	const { clock, reader } = startReader(new FakeLog(2));
	await clock.advanceAsync(50);
	expect(reader.notReady()).toBeUndefined();
});

test("a topic that is not there yet: not ready, with the reason, until it is", async () => {
	const log = new FakeLog(undefined);
	const { clock, reader, warnings, queue } = startReader(log);
	await clock.advanceAsync(20_000, 500);
	expect(reader.notReady()).toBe("there is no topic wiener yet");
	expect(warnings).toHaveLength(1);
	log.create(2);
	log.append(1, event("d", 0));
	await clock.advanceAsync(6_000, 500);
	expect(reader.notReady()).toBeUndefined();
	expect(seqs(queue)).toEqual([0]);
});

test("not ready when it cannot read for longer than a bound, ready again when it does", async () => {
	const log = filledLog(2);
	const { clock, reader } = startReader(log);
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
