/**
 * Bugs that an exactly-once stage must not have, each as a log that does what a runtime with that bug would have done. They show that the
 * simulation can see them; a checker that cannot fail proves nothing.
 */
import { randomUUID } from "node:crypto";
import { BARRIER_KEY } from "@fireworks/contracts";
import type { StreamsError } from "../../src/errors.ts";
import type {
	GroupMember,
	GroupOptions,
	Log,
	Outgoing,
	TransactionalProducer,
} from "../../src/log.ts";
import type { Weights } from "./faults.ts";
import { TOPICS } from "./world.ts";

const CHANGELOG = TOPICS.processor.changelog.name;

/** Puts the bug between a runtime and its log. */
export type Plant = (log: Log) => Log;

/** The log with other producers. */
const withProducer =
	(
		make: (
			open: () => TransactionalProducer,
			log: Log,
		) => Omit<TransactionalProducer, "close">,
	): Plant =>
	(log) => ({
		...log,
		transactionalProducer: (id, timeoutMs) => {
			let inner: TransactionalProducer | undefined;
			const open = () => {
				inner = log.transactionalProducer(id, timeoutMs);
				return inner;
			};
			const { transact } = make(open, log);
			return { transact, close: async () => inner?.close() };
		},
	});

/** The position and the states are committed first, the outputs after them. */
const commitBeforeSend = withProducer((open) => {
	const producer = open();
	return {
		transact: async (records) => {
			const first = new Map([...records].filter(([t]) => t === CHANGELOG));
			const second = new Map([...records].filter(([t]) => t !== CHANGELOG));
			const appended = await producer.transact(first);
			if (second.size > 0) await producer.transact(second);
			return appended;
		},
	};
});

/** The outputs are committed first, the position after them. */
const sendBeforeCommit = withProducer((open) => {
	const producer = open();
	return {
		transact: async (records) => {
			const first = new Map([...records].filter(([t]) => t !== CHANGELOG));
			const second = new Map([...records].filter(([t]) => t === CHANGELOG));
			if (first.size > 0) await producer.transact(first);
			return producer.transact(second);
		},
	};
});

/** Every holder has a transactional id of its own, which fences nobody. */
const noFence: Plant = (log) => ({
	...log,
	transactionalProducer: (id, timeoutMs) =>
		log.transactionalProducer(`${id}-${randomUUID()}`, timeoutMs),
});

/** The changelog is read to its end as it is before the earlier owner is fenced, which the first transaction does: what that one commits meanwhile is not restored. */
const restoreToWrongEnd = withProducer((open, log) => {
	const producer = open();
	return {
		transact: async (records) => {
			const barrier = records.get(CHANGELOG)?.[0];
			if (barrier?.key !== BARRIER_KEY) return producer.transact(records);
			const { partition } = barrier;
			const high = (await log.offsets(CHANGELOG))?.[partition]?.high ?? 0;
			await log.append(CHANGELOG, barrier);
			const found = Promise.withResolvers<number>();
			const reader = await log.read({
				name: "bug",
				topics: [CHANGELOG],
				from: (_, p) => (p === partition ? high : Number.MAX_SAFE_INTEGER),
				onRecords: (_topic, _partition, some) => {
					for (const { value, offset } of some)
						if (String(value) === barrier.value) found.resolve(offset);
				},
			});
			const baseOffset = await found.promise;
			reader.close();
			return [{ topic: CHANGELOG, partition, baseOffset }];
		},
	};
});

/** After an error another producer goes on from the state at hand, as if the transaction had been committed. */
const stateKept = withProducer((open) => {
	let producer = open();
	return {
		transact: async (records) => {
			try {
				return await producer.transact(records);
			} catch (error) {
				if (isBarrier(records) || isFenced(error)) throw error;
				producer = open();
				return [];
			}
		},
	};
});

/** After an error another producer writes the same once more. */
const commitRepeated = withProducer((open) => {
	let producer = open();
	return {
		transact: async (records) => {
			try {
				return await producer.transact(records);
			} catch (error) {
				if (isBarrier(records) || isFenced(error)) throw error;
				producer = open();
				return producer.transact(records);
			}
		},
	};
});

/** What comes first after a join is taken for what was to come next. */
const noSeekAfterJoin: Plant = (log) => ({
	...log,
	member: (options) => {
		const member = log.member(options);
		let mine: readonly number[] = [];
		/** Next offset that the runtime waits for, by partition of the input; those that nothing has come from since the join. */
		const awaited = new Map<number, number>();
		const afterJoin = new Set<number>();
		const isInput = (topic: string) => topic === TOPICS.processor.input;
		return {
			...forward(member),
			start: (handlers) =>
				member.start({
					...handlers,
					onAssigned: (partitions) => {
						for (const p of partitions) if (mine.includes(p)) afterJoin.add(p);
						mine = partitions;
						handlers.onAssigned(partitions);
					},
					onBatch: (batch) => {
						const { topic, partition, nextOffset } = batch;
						let { fetchedOffset } = batch;
						if (isInput(topic)) {
							if (afterJoin.delete(partition))
								fetchedOffset = awaited.get(partition) ?? fetchedOffset;
							awaited.set(partition, nextOffset);
						}
						return handlers.onBatch({ ...batch, fetchedOffset });
					},
				}),
			seek: (topic, partition, offset) => {
				if (isInput(topic)) {
					if (afterJoin.has(partition)) return;
					awaited.set(partition, offset);
				}
				member.seek(topic, partition, offset);
			},
		};
	},
});

/** A session begins with the partitions of the one before, without asking the group. */
const noJoin: Plant = (log) => {
	let kept: { member: GroupMember; partitions: readonly number[] } | undefined;
	type Handlers = Parameters<GroupMember["start"]>[0];
	let handlers: Handlers | undefined;
	const open = (options: GroupOptions): GroupMember => {
		const member = kept?.member ?? log.member(options);
		return {
			...forward(member),
			start: async (own) => {
				handlers = own;
				if (kept !== undefined) {
					own.onAssigned(kept.partitions);
					return;
				}
				await member.start({
					onAssigned: (partitions) => {
						kept = { member, partitions };
						handlers?.onAssigned(partitions);
					},
					onRebalancing: () => handlers?.onRebalancing(),
					onBatch: async (batch) => handlers?.onBatch(batch),
				});
			},
			leave: async () => {},
		};
	};
	return { ...log, member: open };
};

/** A member as an object that a bug can take a method from. */
const forward = (member: GroupMember): GroupMember => ({
	start: (handlers) => member.start(handlers),
	failed: member.failed,
	lastSignOfLife: () => member.lastSignOfLife(),
	seek: (topic, partition, offset) => member.seek(topic, partition, offset),
	pause: (topic, partition) => member.pause(topic, partition),
	resume: (topic, partition) => member.resume(topic, partition),
	commitOffset: (topic, partition, offset) =>
		member.commitOffset(topic, partition, offset),
	leave: () => member.leave(),
});

const isBarrier = (records: Outgoing): boolean =>
	records.get(CHANGELOG)?.[0]?.key === BARRIER_KEY;
const isFenced = (error: unknown): boolean =>
	(error as StreamsError).code === "fenced";

export interface PlantedBug {
	readonly plant: Plant;
	/** The checker that must see it, and not by chance another. */
	readonly seenBy: "path" | "owners" | "joins";
	/** Faults under which it shows soon. */
	readonly weights: Weights;
}

const NETWORK: Weights = { network: 2_000, crash: 200, pause: 0 };
const PAUSES: Weights = { network: 0, crash: 0, pause: 1_500 };

export const PLANTED_BUGS: Readonly<Record<string, PlantedBug>> = {
	"commit before send": {
		plant: commitBeforeSend,
		seenBy: "path",
		weights: NETWORK,
	},
	"send before commit": {
		plant: sendBeforeCommit,
		seenBy: "path",
		weights: NETWORK,
	},
	"no fence": { plant: noFence, seenBy: "owners", weights: PAUSES },
	"restore to the wrong end": {
		plant: restoreToWrongEnd,
		seenBy: "path",
		weights: PAUSES,
	},
	"state kept after an unknown outcome": {
		plant: stateKept,
		seenBy: "path",
		weights: NETWORK,
	},
	"commit repeated after an unknown outcome": {
		plant: commitRepeated,
		seenBy: "path",
		weights: NETWORK,
	},
	"no seek after a join": {
		plant: noSeekAfterJoin,
		seenBy: "path",
		weights: PAUSES,
	},
	"back to step 1 without a join": {
		plant: noJoin,
		seenBy: "joins",
		weights: NETWORK,
	},
};
