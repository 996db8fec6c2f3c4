/**
 * Clears the state of one key, so that its next record counts as its first. It works as an owner of
 * the partition does: it fences the current owner, reads the changelog, and writes one transaction.
 * A running stage has either committed before, and its work counts; or it is fenced, joins again,
 * and restores the changelog together with the reset. The reset stays in the changelog for audits:
 * `reset/<key>` holds the input offsets at which the key's states ended.
 */
import { randomUUID } from "node:crypto";
import {
	type Barrier,
	positionSchema,
	RESET_OWNER_PREFIX,
	RESET_PREFIX,
	RESETS_KEPT_MAX,
	type Resets,
} from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { Log, LogRecord, TransactionalProducer } from "../log.ts";
import { readUntil } from "../source/read-until.ts";
import { type Clock, systemClock } from "../time.ts";
import {
	barrierRecord,
	ChangelogRestore,
	stateRecord,
	timersRecord,
	unreadable,
} from "./changelog.ts";

/** A running stage may take its partition back between our steps; then we start over. */
const TRIES_MAX = 20;

export interface ResetKeyOptions {
	log: Log;
	/** Names of the stage's topics. */
	output: string;
	changelog: string;
	partition: number;
	key: string;
	/** Names the requester in the barrier, for people who read it. */
	owner: string;
	transactionTimeoutMs: number;
	restoreTimeoutMs: number;
	signal: AbortSignal;
	clock?: Clock;
}

/** text: the state that was cleared. next: the input offset from which the key starts again. */
export interface KeyReset {
	readonly text: string;
	readonly next: number;
}

/** Returns undefined if the key has no state; nothing was changed then. */
export async function resetKey(
	options: ResetKeyOptions,
): Promise<KeyReset | undefined> {
	for (let left = TRIES_MAX; ; left--) {
		const producer = options.log.transactionalProducer(
			`${options.output}-${options.partition}`,
			options.transactionTimeoutMs,
		);
		try {
			return await reset(options, producer);
		} catch (error) {
			const fenced = error instanceof StreamsError && error.code === "fenced";
			if (!fenced || left === 0) throw error;
		} finally {
			await producer.close().catch(() => {});
		}
	}
}

async function reset(
	options: ResetKeyOptions,
	producer: TransactionalProducer,
): Promise<KeyReset | undefined> {
	const { changelog, partition, key, clock = systemClock } = options;
	const barrier: Barrier = {
		id: randomUUID(),
		owner: `${RESET_OWNER_PREFIX}${options.owner}`,
	};
	const [appended] = await producer.transact(
		new Map([[changelog, [barrierRecord(partition, barrier, clock.now())]]]),
	);
	if (appended === undefined)
		throw new StreamsError("outcome-unknown", "the barrier was not written");
	let text: string | null = null;
	let resets: Resets = { at: [] };
	let timers: string | null = null;
	const restore = new ChangelogRestore(
		barrier.id,
		appended.baseOffset,
		(stateKey, state) => {
			if (stateKey === key) text = state;
		},
		(resetOf, found) => {
			if (resetOf === key) resets = found;
		},
		(timersOf, found) => {
			if (timersOf === key) timers = found;
		},
	);
	await readUntil(
		{ ...options, changelogTopic: changelog, clock },
		0,
		(records, next) => restore.take(records, next),
		{ partition },
	);
	if (text === null) return undefined;
	const next = nextOf(restore.position, changelog, partition);
	const at = [...resets.at, String(next)].slice(-RESETS_KEPT_MAX);
	const now = clock.now();
	await producer.transact(
		new Map([
			[
				changelog,
				[
					stateRecord(partition, key, null, now),
					...(timers === null ? [] : [timersRecord(partition, key, null, now)]),
					{
						partition,
						key: RESET_PREFIX + key,
						value: JSON.stringify({ at }),
						timestamp: now,
					},
				],
			],
		]),
	);
	return { text, next };
}

function nextOf(
	position: { value: unknown; record: LogRecord } | undefined,
	changelog: string,
	partition: number,
): number {
	if (position === undefined)
		throw new StreamsError(
			"changelog-unreadable",
			`${changelog}/${partition} has states but no position`,
		);
	const parsed = positionSchema.safeParse(position.value);
	if (!parsed.success) throw unreadable(position.record, parsed.error);
	return Number(parsed.data.next);
}
