/**
 * What the topics of Idempotency-Keys say, in memory: the answers of the last 24 hours, who has
 * claimed a key that has no answer yet, and which sessions are over.
 */
import type { Clock, LogRecord } from "@fireworks/streams";
import { KEY_MS, KEYS_BYTES_MAX } from "../limits.ts";
import {
	answerIn,
	type Claim,
	claimIn,
	type SessionMark,
	type StoredAnswer,
	sessionIn,
} from "./records.ts";

interface Dated<T> {
	readonly what: T;
	readonly at: number;
}

interface SessionStart extends SessionMark {
	/** The offset of its record, which is the session's number. */
	readonly number: number;
}

/** About what an entry takes in memory, next to its texts. */
const ENTRY_BYTES = 250;

export class KeyBook {
	readonly #clock: Clock;
	readonly #bytesMax: number;
	/** Oldest first. */
	readonly #answers = new Map<string, Dated<StoredAnswer>>();
	/** In the order of the topic. */
	readonly #claims = new Map<string, Dated<Claim>[]>();
	/** The newest session of each transactional id. */
	readonly #sessions = new Map<string, Dated<SessionStart>>();
	readonly #waiting = new Set<() => void>();
	#bytes = 0;
	#forgottenUntil = Number.NEGATIVE_INFINITY;
	/** Answers that were forgotten before their time, because memory was full. */
	forgotten = 0;

	constructor(clock: Clock, bytesMax = KEYS_BYTES_MAX) {
		this.#clock = clock;
		this.#bytesMax = bytesMax;
	}

	get keys(): number {
		return this.#answers.size;
	}

	/** Takes records of the topic of the requests. */
	takeRequests(records: readonly LogRecord[]): void {
		for (const record of records) {
			const { key, offset, timestamp } = record;
			if (key === null) {
				const mark = sessionIn(record);
				if (mark !== undefined)
					this.#begin({ ...mark, number: offset }, timestamp);
				continue;
			}
			const answer = answerIn(record);
			if (answer !== undefined) this.#remember(String(key), answer, timestamp);
		}
		this.#forget();
		this.#changed();
	}

	/** Takes records of the topic of the claims. */
	takeClaims(records: readonly LogRecord[]): void {
		for (const record of records) {
			const { key, timestamp } = record;
			const claim = claimIn(record);
			const name = String(key);
			if (claim === undefined || timestamp <= this.#aDayAgo()) continue;
			// Its answer was there, and is forgotten.
			if (timestamp <= this.#forgottenUntil) continue;
			if (this.#answers.has(name) || this.isOver(claim)) continue;
			const claims = this.#claims.get(name);
			const dated = { what: claim, at: timestamp };
			if (claims === undefined) this.#claims.set(name, [dated]);
			else claims.push(dated);
		}
		this.#changed();
	}

	/** Remembers an answer that this process has just committed. */
	remember(key: string, answer: StoredAnswer): void {
		this.#remember(key, answer, this.#clock.now());
		this.#forget();
		this.#changed();
	}

	answer(key: string): StoredAnswer | undefined {
		this.#forget();
		return this.#answers.get(key)?.what;
	}

	/**
	 * Who has to write the request: the earliest claim whose session is not known to be over.
	 * Claims of sessions that are over are dropped. Their answers would have been read before.
	 */
	owner(key: string): Claim | undefined {
		const claims = this.#claims.get(key);
		if (claims === undefined) return undefined;
		while (claims[0] !== undefined && this.isOver(claims[0].what))
			claims.shift();
		if (claims.length === 0) this.#claims.delete(key);
		return claims[0]?.what;
	}

	hasClaim(key: string, claim: Claim): boolean {
		return (
			this.#claims
				.get(key)
				?.some(
					({ what }) => what.id === claim.id && what.session === claim.session,
				) ?? false
		);
	}

	/** The newest session of a transactional id that was read. */
	session(id: string): SessionStart | undefined {
		return this.#sessions.get(id)?.what;
	}

	/** Whether a later session of the same transactional id has begun. */
	isOver({ id, session }: Claim): boolean {
		const newest = this.#sessions.get(id)?.what.number;
		return newest !== undefined && newest > session;
	}

	/** Waits for a condition on this book. False: it does not hold after this many ms. */
	async until(holds: () => boolean, ms: number): Promise<boolean> {
		if (holds()) return true;
		const done = Promise.withResolvers<boolean>();
		const over = new AbortController();
		const look = () => {
			if (holds()) done.resolve(true);
		};
		this.#waiting.add(look);
		this.#clock.sleep(ms, over.signal).then(() => done.resolve(false));
		try {
			return await done.promise;
		} finally {
			over.abort();
			this.#waiting.delete(look);
		}
	}

	#begin(session: SessionStart, at: number): void {
		this.#sessions.delete(session.id);
		this.#sessions.set(session.id, { what: session, at });
	}

	#remember(key: string, answer: StoredAnswer, at: number): void {
		this.#claims.delete(key);
		if (at <= this.#aDayAgo() || this.#answers.has(key)) return;
		this.#answers.set(key, { what: answer, at });
		this.#bytes += bytesOf(key, answer);
	}

	#aDayAgo(): number {
		return this.#clock.now() - KEY_MS;
	}

	#forget(): void {
		const old = this.#aDayAgo();
		for (const [key, { what, at }] of this.#answers) {
			const early = at > old;
			if (early && this.#bytes <= this.#bytesMax) break;
			this.#answers.delete(key);
			this.#bytes -= bytesOf(key, what);
			if (!early) continue;
			this.forgotten++;
			this.#forgottenUntil = at;
		}
		// These are in the order of time as well, apart from a few.
		for (const [key, claims] of this.#claims) {
			if ((claims.at(-1)?.at ?? old) > old) break;
			this.#claims.delete(key);
		}
		// A claim is never older than its session, so it was forgotten before.
		for (const [id, { at }] of this.#sessions) {
			if (at > old) break;
			this.#sessions.delete(id);
		}
	}

	#changed(): void {
		for (const look of this.#waiting) look();
	}
}

const bytesOf = (key: string, { body }: StoredAnswer): number =>
	ENTRY_BYTES + key.length + body.length;
