/**
 * Bugs that an exactly-once stage must not have. Each is a log that acts like a runtime with that
 * bug. They prove that the simulation can find such bugs; a checker that cannot fail proves
 * nothing.
 */
import { randomUUID } from "node:crypto";
import { BARRIER_KEY } from "@fireworks/contracts";
import type { StreamsError } from "../../packages/streams/src/errors.ts";
import type {
	GroupMember,
	GroupOptions,
	Log,
	Outgoing,
	TransactionalProducer,
} from "../../packages/streams/src/log.ts";
import type { Weights } from "./faults.ts";
import { TOPICS } from "./world.ts";

const CHANGELOG = TOPICS.processor.changelog.name;

/** Inserts the bug between a runtime and its log. */
type Plant = (log: Log) => Log;

/** The log with a replaced producer. */
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

/** Commits the position and the states first, the outputs after them. */
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

/** Commits the outputs first, the position after them. */
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

/** Gives every holder its own transactional id, which fences no other holder. */
const noFence: Plant = (log) => ({
	...log,
	transactionalProducer: (id, timeoutMs) =>
		log.transactionalProducer(`${id}-${randomUUID()}`, timeoutMs),
});

/**
 * Reads the changelog to its end as it is before the earlier owner is fenced. The first transaction
 * fences, so commits of the earlier owner in between are not restored.
 */
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

/**
 * After an error continues with another producer and the current state, as if the transaction had
 * been committed.
 */
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

/** After an error writes the same records again with another producer. */
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

/** Takes the first records after a join for the expected next ones. */
const noSeekAfterJoin: Plant = (log) => ({
	...log,
	member: (options) => {
		const member = log.member(options);
		let mine: readonly number[] = [];
		/**
		 * awaited: the next offset that the runtime expects, by partition of the input. afterJoin:
		 * partitions without a batch since the join.
		 */
		const awaited = new Map<number, number>();
		const afterJoin = new Set<number>();
		const isInput = (topic: string) => TOPICS.processor.inputs.includes(topic);
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

/** A session starts with the partitions of the previous session, without asking the group. */
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

/** A copy of a member as a plain object, so that a bug can replace a method. */
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
	/** The checker that must find it. A violation from another checker does not count. */
	readonly seenBy: "path" | "owners" | "joins";
	/** Faults that reveal it soon. */
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
