/**
 * Writes a request with an Idempotency-Key exactly once, with any number of replicas.
 *
 * 1. A replica claims the key: it appends its transactional id and its session to the topic
 *    `ingest-claims`, and reads that topic up to its own claim. Every replica sees the same order,
 *    and the earliest claim has to write the request. So a key that arrives at two replicas at once
 *    is written by one of them, and neither disturbs the other.
 * 2. The owner of the claim writes the records and the answer (topic `ingest-requests`) in one
 *    transaction: either both are there or neither is.
 * 3. The others wait for the answer. If it does not come, because the owner was killed or is cut
 *    off, one of them takes the owner's transactional id, with a record in `ingest-requests`. Kafka
 *    then aborts what the owner had open and refuses everything it sends later. Once that record is
 *    read, all that the owner has committed was read as well. If the answer is not there, it never
 *    will be: the claim counts no longer, and the next claim has to write the request.
 *
 * A replica whose own transaction failed does not know the outcome. It opens a new session of its
 * transactional id, which is step 3 with itself: it then finds the answer, or claims again.
 *
 * A claim names its session, so that a session that is over cannot be taken for its successor. A
 * session's number is the offset of its first record, so the later one has the greater number.
 */
import type { Logger } from "@fireworks/service-kit";
import type { Clock, Log, OutgoingRecord } from "@fireworks/streams";
import {
	BACK_OFF,
	CLAIM_MS,
	KEYED_TRIES_MAX,
	TAKE_OVER_MS,
	TRANSACTION_TIMEOUT_MS,
} from "../limits.ts";
import { type Job, WriteFailed } from "../write/write-queue.ts";
import type { Writer } from "../write/writer.ts";
import type { KeyBook } from "./key-book.ts";
import {
	answerRecord,
	type Claim,
	claimRecord,
	type StoredAnswer,
	sessionRecord,
} from "./records.ts";
import { CLAIMS_TOPIC, REQUESTS_TOPIC } from "./topics.ts";

export interface OnceOptions {
	log: Log;
	logger: Pick<Logger, "warn">;
	clock: Clock;
	writer: Writer;
	book: KeyBook;
}

/** written: now. repeated: before. reused: the key belongs to another request. */
export type Outcome =
	| { readonly kind: "written" | "repeated"; readonly answer: StoredAnswer }
	| { readonly kind: "reused" };

export class Once {
	readonly #options: OnceOptions;
	readonly #running = new Map<
		string,
		{ hash: string; outcome: Promise<Outcome> }
	>();
	readonly #fencing = new Map<string, Promise<void>>();
	/** The session up to which the requests were read. */
	#restored = -1;

	constructor(options: OnceOptions) {
		this.#options = options;
	}

	notReady(): string | undefined {
		return this.#restored < 0
			? "the idempotency keys have not been read yet"
			: undefined;
	}

	/** Resolves when the keys of earlier processes are read. */
	async restore(): Promise<void> {
		await this.#session();
	}

	/**
	 * key: see bookKey. answer: for when the job is written. Rejects with WriteFailed; nothing is
	 * written then.
	 */
	async run(key: string, job: Job, answer: StoredAnswer): Promise<Outcome> {
		const running = this.#running.get(key);
		if (running !== undefined) {
			if (running.hash !== answer.hash) return { kind: "reused" };
			const outcome = await running.outcome;
			return outcome.kind === "written"
				? { ...outcome, kind: "repeated" }
				: outcome;
		}
		const outcome = this.#work(key, job, answer).finally(() =>
			this.#running.delete(key),
		);
		this.#running.set(key, { hash: answer.hash, outcome });
		return outcome;
	}

	async #work(key: string, job: Job, answer: StoredAnswer): Promise<Outcome> {
		const { book, writer, clock } = this.#options;
		let failures = 0;
		let waitMs = TAKE_OVER_MS;
		for (;;) {
			const ours = await this.#session();
			const known = book.answer(key);
			if (known !== undefined)
				return known.hash === answer.hash
					? // A transaction of unknown outcome was committed after all.
						{ kind: failures > 0 ? "written" : "repeated", answer: known }
					: { kind: "reused" };
			const owner = book.owner(key);
			if (owner === undefined || !book.hasClaim(key, ours)) {
				await this.#claim(key, ours);
			} else if (owner.id !== ours.id || owner.session !== ours.session) {
				const settled = () => {
					const now = book.owner(key);
					return now?.id !== owner.id || now.session !== owner.session;
				};
				if (await book.until(settled, waitMs)) continue;
				await this.#fence(owner.id);
				// With a slow broker, two replicas could otherwise fence each other without end.
				waitMs *= 2;
			} else {
				try {
					await writer.write(withAnswer(job, key, answer, clock.now()), {
						session: ours.session,
						alone: failures > 0,
					});
					book.remember(key, answer);
					return { kind: "written", answer };
				} catch (error) {
					if (!(error instanceof WriteFailed)) throw error;
					if (error.reason === "other-session") continue;
					failures++;
					const pointless = error.reason === "too-large" && error.alone;
					if (!pointless && failures < KEYED_TRIES_MAX) continue;
					// After the next session begins, it is certain that nothing was written.
					await this.#session();
					const late = book.answer(key);
					if (late === undefined) throw error;
				}
			}
		}
	}

	/** The writer's session, after everything that was written before it has been read. */
	async #session(): Promise<Claim> {
		const { writer, book } = this.#options;
		for (;;) {
			const { id, number } = await writer.session();
			const session = { id, session: number };
			// A writer that does nothing does not notice that another replica has taken over.
			if (book.isOver(session)) writer.end(number);
			else if (number <= this.#restored) return session;
			else if (
				await book.until(
					() => (book.session(id)?.number ?? -1) >= number,
					CLAIM_MS,
				)
			)
				this.#restored = Math.max(this.#restored, number);
		}
	}

	async #claim(key: string, claim: Claim): Promise<void> {
		const { log, book, logger, clock } = this.#options;
		try {
			await log.append(CLAIMS_TOPIC, claimRecord(key, claim, clock.now()));
			await book.until(
				() =>
					book.hasClaim(key, claim) ||
					book.answer(key) !== undefined ||
					book.isOver(claim),
				CLAIM_MS,
			);
		} catch (error) {
			// It is unknown whether the claim is there. A second one changes nothing.
			logger.warn({ err: error }, "a claim was not written: writing it again");
			await clock.sleep(BACK_OFF.firstMs);
		}
	}

	/** Takes the transactional id of a replica that does not answer. */
	#fence(id: string): Promise<void> {
		const running = this.#fencing.get(id);
		if (running !== undefined) return running;
		const fence = this.#fenceNow(id).finally(() => this.#fencing.delete(id));
		this.#fencing.set(id, fence);
		return fence;
	}

	async #fenceNow(id: string): Promise<void> {
		const { log, book, logger, clock } = this.#options;
		logger.warn({ id }, "a replica does not answer: taking over its requests");
		const producer = log.transactionalProducer(id, TRANSACTION_TIMEOUT_MS);
		try {
			const [appended] = await producer.transact(
				new Map([[REQUESTS_TOPIC, [sessionRecord({ id }, clock.now())]]]),
			);
			const number = appended?.baseOffset ?? Number.POSITIVE_INFINITY;
			await book.until(
				() => (book.session(id)?.number ?? -1) >= number,
				CLAIM_MS,
			);
		} catch (error) {
			logger.warn({ err: error, id }, "taking over failed: trying again");
			await clock.sleep(BACK_OFF.firstMs);
		} finally {
			await producer.close().catch(() => {});
		}
	}
}

function withAnswer(
	job: Job,
	key: string,
	answer: StoredAnswer,
	now: number,
): Job {
	const record: OutgoingRecord = answerRecord(key, answer, now);
	return {
		outgoing: new Map([...job.outgoing, [REQUESTS_TOPIC, [record]]]),
		records: job.records + 1,
		bytes: job.bytes + answer.body.length,
	};
}
