/** Bugs for the timed simulations: each inserts one between a process and its log. */
import { POSITION_KEY, STATE_PREFIX, TIMER_PREFIX } from "@fireworks/contracts";
import type {
	GroupBatch,
	Log,
	LogRecord,
	Outgoing,
	OutgoingRecord,
} from "../../packages/streams/src/log.ts";
import { broadcastSubject, ROWS } from "./broadcast-subject.ts";
import { timedSubject } from "./timed-checker.ts";
import { type Planted, TIMED_CHANGELOG } from "./timed-simulation.ts";
import type { TimedInput, TimedState } from "./timed-stage.ts";
import type { Subject } from "./timed-subject.ts";
import { LATE, windowedSubject } from "./windowed-subject.ts";

export interface TimedBug {
	readonly subject: Subject;
	plant(log: Log, subject: Subject): Planted;
	/** The check that must see it. */
	readonly seenBy: string;
}

/** Changes the batches that a member gets. */
const withBatches = (
	log: Log,
	change: (batch: GroupBatch) => GroupBatch,
): Log => ({
	...log,
	member: (options) => {
		const member = log.member(options);
		const start = member.start.bind(member);
		member.start = (handlers) =>
			start({
				...handlers,
				onBatch: (batch) => handlers.onBatch(change(batch)),
			});
		return member;
	},
});

/** Leaves out some records of the changelog while it is read. */
const restoredWithout =
	(lost: (record: LogRecord) => boolean) =>
	(log: Log): Planted => ({
		log: withBatches(log, (batch) =>
			batch.topic === TIMED_CHANGELOG
				? { ...batch, records: batch.records.filter((one) => !lost(one)) }
				: batch,
		),
	});

/** Changes what is written to a topic. */
const writtenTo =
	(
		topic: string,
		change: (records: readonly OutgoingRecord[]) => readonly OutgoingRecord[],
	) =>
	(log: Log): Planted => ({
		log: {
			...log,
			transactionalProducer: (id, timeoutMs) => {
				const producer = log.transactionalProducer(id, timeoutMs);
				const changed = (records: Outgoing): Outgoing =>
					new Map(
						[...records].map(([name, some]) => [
							name,
							name === topic ? change(some) : some,
						]),
					);
				return {
					transact: (records) => producer.transact(changed(records)),
					close: () => producer.close(),
				};
			},
		},
	});

/** Changes the positions that are written. */
const withPosition = (change: (position: Record<string, unknown>) => object) =>
	writtenTo(TIMED_CHANGELOG, (records) =>
		records.map((record) =>
			record.key === POSITION_KEY
				? {
						...record,
						value: JSON.stringify(change(JSON.parse(String(record.value)))),
					}
				: record,
		),
	);

const startsWith = ({ key }: LogRecord, prefix: string): boolean =>
	String(key).startsWith(prefix);

/** A join that looks into the table as it was read, not as it was processed. */
function tableAhead(log: Log, { stage }: Subject): Planted {
	const read = new Map<string, number>();
	return {
		log: withBatches(log, (batch) => {
			if (batch.topic === "table")
				for (const { key, value } of batch.records)
					read.set(String(key), Number(String(value)));
			return batch;
		}),
		stage: {
			...stage,
			step: (state: TimedState | undefined, input: TimedInput, context) => {
				const { steps = 0, version = 0 } = state ?? {};
				const ahead = input.isTable
					? version
					: (read.get(input.key) ?? version);
				return stage.step({ steps, version: ahead }, input, context);
			},
		},
	};
}

/** Requests that a slow reader makes before it takes records. */
const SLOW_REQUESTS = 100;

/** A process that begins before it has read the broadcast table, and reads it slowly. */
const tableNotAwaited = (log: Log): Planted => ({
	log: {
		...log,
		read: (options) =>
			log.read({
				...options,
				onRecords: async (...batch) => {
					for (let i = 0; i < SLOW_REQUESTS; i++) await log.topicId(ROWS);
					return options.onRecords(...batch);
				},
			}),
		offsets: async (topic) => {
			const ranges = await log.offsets(topic);
			return topic === ROWS
				? ranges?.map((range) => ({ ...range, high: range.low }))
				: ranges;
		},
	},
});

export const TIMED_BUGS: Readonly<Record<string, TimedBug>> = {
	"timers lost at a restart": {
		subject: timedSubject,
		plant: restoredWithout((one) => startsWith(one, TIMER_PREFIX)),
		seenBy: "liveness",
	},
	"a clock that goes back": {
		subject: timedSubject,
		plant: withPosition(({ clock: _, ...rest }) => rest),
		seenBy: "clock",
	},
	"an input whose position is behind the states": {
		subject: timedSubject,
		plant: withPosition(({ inputs, ...rest }) => ({
			...rest,
			inputs: Object.fromEntries(
				Object.entries(inputs as Record<string, string>).map(([name, next]) => [
					name,
					String(Math.max(0, Number(next) - 1)),
				]),
			),
		})),
		seenBy: "once",
	},
	"a join that reads a table ahead of its position": {
		subject: timedSubject,
		plant: tableAhead,
		seenBy: "table",
	},
	"a window that is closed twice, as its deletion is not restored": {
		subject: windowedSubject,
		plant: restoredWithout(
			(one) =>
				one.value === null &&
				(startsWith(one, STATE_PREFIX) || startsWith(one, TIMER_PREFIX)),
		),
		seenBy: "closed",
	},
	"a late record that is dropped silently": {
		subject: windowedSubject,
		plant: writtenTo(LATE, () => []),
		seenBy: "liveness",
	},
	"a broadcast table that is not read before the first record": {
		subject: broadcastSubject,
		plant: tableNotAwaited,
		seenBy: "row",
	},
};
