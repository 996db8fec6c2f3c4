/** The topic loses records, or is deleted and recreated: the queue is restarted. */
import { expect, test } from "vitest";
import { LAG_POLL_MS, TOPIC_POLL_MS } from "../../src/limits.ts";
import { event, range } from "../support/events.ts";
import type { FakeLog } from "../support/fake-log.ts";
import { filledLog, seqs, startReader } from "../support/running-reader.ts";

test("the log lost the next records: the queue is restarted, and the warning says why", async () => {
	const log = filledLog(40);
	const { clock, queue, warnings } = startReader(log);
	await clock.advanceAsync(50);
	const { generation } = queue;
	for (const p of log.partitions ?? [])
		Object.assign(p, { low: 70, high: 70, records: [] });
	log.append(0, event("later", 7));
	await clock.advanceAsync(LAG_POLL_MS + 1_000, 500);
	expect(queue.generation).toBe(generation + 1);
	expect(queue.next).toEqual([71, 70]);
	expect(warnings.at(-1)).toContain("begins at 70, after 20");
});

test("a topic recreated with other partitions: the queue is restarted", async () => {
	const log = filledLog(40);
	const { clock, queue, warnings } = startReader(log);
	await clock.advanceAsync(50);
	const { generation } = queue;
	log.create(3);
	log.append(2, event("new", 7));
	await clock.advanceAsync(LAG_POLL_MS + 1_000, 500);
	expect(queue.generation).toBe(generation + 1);
	expect(seqs(queue)).toEqual([7]);
	expect(queue.next).toEqual([0, 0, 1]);
	expect(warnings.at(-1)).toContain("deleted and made again");
});

test("a topic recreated with the same shape and as many records is noticed by its id", async () => {
	const log = filledLog(40);
	const { clock, queue, counts, warnings } = startReader(log);
	await clock.advanceAsync(50);
	const { stream } = queue;
	log.create(2);
	for (const seq of range(0, 100))
		log.append(seq % 2, event(`new${seq % 2}`, seq));
	await clock.advanceAsync(TOPIC_POLL_MS + 500, 100);
	expect(queue.stream).not.toBe(stream);
	expect(seqs(queue).sort((a, b) => a - b)).toEqual(range(0, 100));
	expect(counts.streamRestarts).toBe(1);
	expect(warnings.at(-1)).toContain("deleted and made again");
});

test("a topic that is deleted, and recreated later", async () => {
	const log = filledLog(40);
	const { clock, queue, counts } = startReader(log);
	await clock.advanceAsync(50);
	log.partitions = undefined;
	log.failReaders(new Error("no such topic"));
	await clock.advanceAsync(12_000, 500);
	log.create(2);
	for (const seq of range(0, 100))
		log.append(seq % 2, event(`new${seq % 2}`, seq));
	await clock.advanceAsync(TOPIC_POLL_MS + 500, 100);
	expect(seqs(queue).sort((a, b) => a - b)).toEqual(range(0, 100));
	expect(counts.streamRestarts).toBe(1);
});

/** The topic is deleted and recreated as often as this just before its ends are read. */
function recreatedWhileRead(times: number): FakeLog {
	const log = filledLog(40);
	const offsets = log.offsets.bind(log);
	let left = times;
	log.offsets = async (topic) => {
		if (topic === "wiener" && left-- > 0) {
			log.create(2);
			for (const seq of range(0, 10))
				log.append(seq % 2, event(`new${seq % 2}`, seq));
		}
		return offsets(topic);
	};
	return log;
}

test("a topic recreated between the reads of its id and of its ends: its records have its own id", async () => {
	const log = recreatedWhileRead(1);
	const { clock, queue, counts } = startReader(log);
	await clock.advanceAsync(50);
	expect(queue.stream).toBe(await log.topicId());
	expect(queue.count).toBe(10);
	await clock.advanceAsync(5 * TOPIC_POLL_MS, 100);
	expect(counts).toMatchObject({ streamRestarts: 0, readerFailures: 0 });
});

test("a topic that is recreated during every read of its ends: tried again later, and not read meanwhile", async () => {
	const log = recreatedWhileRead(3);
	const { clock, queue, reader, warnings } = startReader(log);
	await clock.advanceAsync(50);
	expect(log.opened).toBe(0);
	expect(reader.notReady()).toContain("deleted and recreated 3 times");
	expect(warnings).toHaveLength(1);
	await clock.advanceAsync(500);
	expect(queue.stream).toBe(await log.topicId());
	expect(reader.notReady()).toBeUndefined();
});
