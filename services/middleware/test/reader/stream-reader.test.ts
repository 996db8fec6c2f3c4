/** Failures of the reader, and its stop. */
import { expect, test } from "vitest";
import { LAG_POLL_MS, READER_STALLED_MS } from "../../src/limits.ts";
import { event, range } from "../support/events.ts";
import { FakeLog } from "../support/fake-log.ts";
import { filledLog, seqs, startReader } from "../support/running-reader.ts";

test("a failed reader goes on where the queue ends: nothing lost, nothing doubled", async () => {
	const log = filledLog(10);
	const { clock, queue, counts } = startReader(log);
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

test("what an abandoned reader still delivers is ignored, and so are repeats", async () => {
	const log = filledLog(2);
	const { clock, queue, counts } = startReader(log);
	await clock.advanceAsync(50);
	const [old] = [...log.readers];
	log.failReaders(new Error("gone"));
	await clock.advanceAsync(1_000);
	const late = {
		topic: "wiener",
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

test("a reader that delivers nothing while the topic's end moves on is opened again", async () => {
	const log = filledLog(2);
	const { clock, queue, counts, reader } = startReader(log);
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

test("a quiet topic is no reason to open the reader again", async () => {
	const log = filledLog(2);
	log.endTransaction(0);
	const { clock, counts } = startReader(log);
	await clock.advanceAsync(5 * READER_STALLED_MS, 500);
	expect(counts.readerFailures).toBe(0);
	expect(log.opened).toBe(1);
});

test("records that make no event are skipped, counted, and never read again", async () => {
	const log = new FakeLog(1);
	log.append(0, "{}");
	log.append(0, event("d".repeat(257), 0));
	log.append(0, event("d", 0));
	log.append(
		0,
		'{"deviceId":"d","seq":1,"timestamp":1,"dt":0,"increment":0,"value":NaN}',
	);
	const { clock, queue, counts } = startReader(log);
	await clock.advanceAsync(50);
	expect(seqs(queue)).toEqual([0]);
	expect(queue.next).toEqual([4]);
	expect(counts).toMatchObject({ received: 4, invalid: 3 });
});

test("a failed reader that is slow to close does not delay the next one; a stop waits for it", async () => {
	const log = filledLog(2);
	const slowly = Promise.withResolvers<void>();
	const read = log.read.bind(log);
	log.read = async (options) => {
		const { ended, close } = await read(options);
		return { ended, close: () => slowly.promise.then(close) };
	};
	const { clock, queue, stop, done } = startReader(log);
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

test("a stop closes the reader before it returns, also one that is being opened", async () => {
	const log = filledLog(2);
	const { clock, stop, done } = startReader(log);
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
	const second = startReader(slow);
	await second.clock.advanceAsync(50);
	second.stop.abort();
	opened.resolve();
	await second.done;
	expect(slow.closed).toBe(1);
});
