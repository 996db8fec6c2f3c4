/**
 * A source: the only writer of some topics, with a single-partition changelog that holds its
 * position. No consumer group chooses the writer: the newest writer fences the others, and they
 * notice at their next transaction.
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
import { type Clock, systemClock } from "../time.ts";
import { readUntil } from "./read-until.ts";

const PARTITION = 0;
/**
 * How long to wait for a successor's barrier. A new writer needs milliseconds from fencing the
 * earlier writer to writing its own barrier; more on a busy machine.
 */
const SUCCESSOR_WITHIN_MS = 3_000;
const LOOK_AGAIN_MS = 100;

export interface SourceOptions {
	log: Log;
	/** The transactional identity. The newest writer takes it over from earlier writers. */
	transactionalId: string;
	changelogTopic: string;
	/** Names this process in its barrier, for people who read it. */
	owner: string;
	transactionTimeoutMs: number;
	/** The changelog must be read within this time. ms. */
	restoreTimeoutMs: number;
	signal: AbortSignal;
	/** Default: the machine's clock. */
	clock?: Clock;
}

export interface Source {
	/** The value under `position` when the source was opened; undefined: none. */
	readonly position: unknown;
	/**
	 * Writes the records and the new position in one transaction. After an error the source cannot
	 * be used any more.
	 */
	commit(records: Outgoing, position: object, timestamp: number): Promise<void>;
	/** Whether another writer has taken over since this source was opened. */
	superseded(): Promise<boolean>;
	close(): Promise<void>;
}

/**
 * Fences every earlier writer, then reads the position. Throws fenced if a later writer came
 * meanwhile.
 */
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
			await log.topicId(changelogTopic),
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
	readonly #changelogId: string | undefined;
	#fenced = false;

	constructor(
		options: Required<SourceOptions>,
		producer: TransactionalProducer,
		position: unknown,
		barrierOffset: number,
		changelogId: string | undefined,
	) {
		this.#options = options;
		this.#producer = producer;
		this.position = position;
		this.#barrierOffset = barrierOffset;
		this.#changelogId = changelogId;
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
	 * Being fenced has two possible causes: another writer came, or our own transaction timed out.
	 * The changelog tells which: a later writer puts its barrier there right after it has fenced
	 * us, so we give it some time. If we opened the source again before that, we would fence the
	 * new writer in turn.
	 */
	async superseded(): Promise<boolean> {
		const { clock, signal, log, changelogTopic } = this.#options;
		// A changelog that was deleted or created again holds neither our barrier nor a
		// successor's. All we can do is open the source again.
		const id = await log.topicId(changelogTopic);
		if (this.#changelogId !== undefined && id !== this.#changelogId)
			return false;
		const deadline = clock.now() + SUCCESSOR_WITHIN_MS;
		while (!(await this.#foreignBarrier())) {
			if (!this.#fenced || clock.now() > deadline) return false;
			await clock.sleep(LOOK_AGAIN_MS, signal);
		}
		return true;
	}

	/**
	 * Whether another writer's barrier follows ours. Reads up to a probe that we append outside of
	 * any transaction. The read is uncommitted, because our own transaction may still be open and
	 * would hide the probe until its time-out.
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
			{ uncommitted: true },
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
