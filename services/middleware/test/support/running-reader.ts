/** A stream reader on a topic in memory and a clock that a test moves. */
import { parseWiener } from "@fireworks/contracts";
import { FakeClock } from "@fireworks/time/fake";
import { afterEach } from "vitest";
import { Counts } from "../../src/counts.ts";
import { Problems } from "../../src/problems/problems.ts";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { Ingest } from "../../src/reader/ingest.ts";
import { StreamReader } from "../../src/reader/stream-reader.ts";
import { event, range } from "./events.ts";
import { FakeLog } from "./fake-log.ts";

const running: (() => Promise<void>)[] = [];

afterEach(async () => {
	for (const stop of running.splice(0)) await stop();
});

/** Runs until the test ends. */
export function startReader(log: FakeLog, capacity = 1_000) {
	const clock = new FakeClock();
	const counts = new Counts();
	const queue = new EventQueue(capacity, new DeviceTable(100));
	const ingest = new Ingest({
		queue,
		counts,
		parse: ({ value }) => parseWiener(value),
		whyNone: () => "no Wiener record",
		problems: new Problems({
			clock,
			logger: { warn: () => {} },
			acceptedMs: () => undefined,
		}),
		topic: "wiener",
		wallMs: () => clock.wallMs(),
		isLive: () => reader.filled,
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

/** What the queue holds, in order of arrival. */
export const seqs = (queue: EventQueue): number[] =>
	range(queue.oldest, queue.head).map(
		(o) => queue.seq[o % queue.capacity] as number,
	);

/** Two partitions, with a device and every other number each. */
export function filledLog(events: number): FakeLog {
	const log = new FakeLog(2);
	for (const seq of range(0, events))
		log.append(seq % 2, event(`d${seq % 2}`, seq));
	return log;
}
