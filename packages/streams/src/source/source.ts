/**
 * A source: the one writer of some topics, with a changelog of a single partition that holds its position. No consumer group decides who
 * it is: the newest one fences the others, which find that out at their next transaction.
 */
import { randomUUID } from "node:crypto";
import type { Barrier } from "@fireworks/contracts";
import { BARRIER_KEY, barrierSchema } from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type {
	Log,
	LogRecord,
	Outgoing,
	TransactionalProducer,
} from "../log.ts";
import {
	barrierRecord,
	ChangelogRestore,
	positionRecord,
} from "../stage/changelog.ts";
import type { Clock } from "../stage/runtime.ts";
import { systemClock } from "../system-clock.ts";
import { readUntil } from "./read-until.ts";

const PARTITION = 0;
/** From fencing the earlier writer to its own barrier a new one takes milliseconds; on a busy machine more. */
const SUCCESSOR_WITHIN_MS = 3_000;
const LOOK_AGAIN_MS = 100;

export interface SourceOptions {
	log: Log;
	/** The identity that the newest writer takes from the earlier ones. */
	transactionalId: string;
	changelogTopic: string;
	/** This process, for whoever reads a barrier. */
	owner: string;
	transactionTimeoutMs: number;
	/** The changelog must be read in this time. */
	restoreTimeoutMs: number;
	signal: AbortSignal;
	/** The machine's, where absent. */
	clock?: Clock;
}

export interface Source {
	/** What stood under `position` when the source was opened; undefined: nothing. */
	readonly position: unknown;
	/** Writes the records and the new position, all or nothing. After an error the source is of no more use. */
	commit(records: Outgoing, position: object, timestamp: number): Promise<void>;
	/** Whether another one has taken over since this one was opened. */
	superseded(): Promise<boolean>;
	close(): Promise<void>;
}

/** Fences every earlier writer, then reads its position. Throws fenced where a later one came meanwhile. */
export async function openSource(options: SourceOptions): Promise<Source> {
	const { log, changelogTopic, owner, clock = systemClock } = options;
	const producer = log.transactionalProducer(
		options.transactionalId,
		options.transactionTimeoutMs,
	);
	const barrier: Barrier = { id: randomUUID(), owner };
	try {
		const [appended] = await producer.transact(
			new Map([
				[changelogTopic, [barrierRecord(PARTITION, barrier, clock.now())]],
			]),
		);
		if (appended === undefined)
			throw new StreamsError("outcome-unknown", "the barrier was not written");
		const restore = new ChangelogRestore(
			barrier.id,
			appended.baseOffset,
			() => {},
		);
		await readUntil({ ...options, clock }, 0, (records, next) =>
			restore.take(records, next),
		);
		return new OpenSource(
			{ ...options, clock },
			producer,
			restore.position?.value,
			appended.baseOffset,
		);
	} catch (error) {
		await producer.close().catch(() => {});
		throw error;
	}
}

class OpenSource implements Source {
	readonly position: unknown;
	readonly #options: Required<SourceOptions>;
	readonly #producer: TransactionalProducer;
	readonly #barrierOffset: number;
	#fenced = false;

	constructor(
		options: Required<SourceOptions>,
		producer: TransactionalProducer,
		position: unknown,
		barrierOffset: number,
	) {
		this.#options = options;
		this.#producer = producer;
		this.position = position;
		this.#barrierOffset = barrierOffset;
	}

	async commit(
		records: Outgoing,
		position: object,
		timestamp: number,
	): Promise<void> {
		const { changelogTopic } = this.#options;
		try {
			await this.#producer.transact(
				new Map([
					...records,
					[changelogTopic, [positionRecord(PARTITION, position, timestamp)]],
				]),
			);
		} catch (error) {
			this.#fenced = error instanceof StreamsError && error.code === "fenced";
			throw error;
		}
	}

	/**
	 * That we were fenced does not tell whether another writer came or our own transaction has timed out; the changelog does: a later writer
	 * puts its barrier there right after it has fenced us, and is given some time to. To open anew before would fence that one in turn.
	 */
	async superseded(): Promise<boolean> {
		const { clock, signal } = this.#options;
		const deadline = clock.now() + SUCCESSOR_WITHIN_MS;
		while (!(await this.#foreignBarrier())) {
			if (!this.#fenced || clock.now() > deadline) return false;
			await clock.sleep(LOOK_AGAIN_MS, signal);
		}
		return true;
	}

	/**
	 * Whether another writer's barrier stands after ours: up to a probe of our own, appended outside of any transaction. It is read uncommitted:
	 * our own transaction may still be open, and would hold the probe back until its time-out.
	 */
	async #foreignBarrier(): Promise<boolean> {
		const { log, changelogTopic, owner, clock } = this.#options;
		const probe: Barrier = { id: randomUUID(), owner };
		await log.append(
			changelogTopic,
			barrierRecord(PARTITION, probe, clock.now()),
		);
		let foreign = false;
		await readUntil(
			this.#options,
			this.#barrierOffset,
			(records) =>
				records.some((record) => {
					const barrier = barrierIn(record);
					if (barrier !== undefined && barrier.owner !== owner) foreign = true;
					return barrier?.id === probe.id;
				}),
			true,
		);
		return foreign;
	}

	async close(): Promise<void> {
		await this.#producer.close();
	}
}

function barrierIn(record: LogRecord): Barrier | undefined {
	if (String(record.key) !== BARRIER_KEY) return undefined;
	try {
		return barrierSchema.safeParse(JSON.parse(String(record.value))).data;
	} catch {
		return undefined;
	}
}
