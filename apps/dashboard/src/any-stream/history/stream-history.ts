/**
 * The history of one stream in the lake: asked for as far as the visible time needs it, and how
 * fresh the table is.
 *
 *   want(range) -differs-> waiting DEBOUNCE_MS -> asking -answer-> shown
 *                 want() of another range gives both up, and begins again
 *
 * An answer is kept until CACHE_MAX newer ones have come. One whose range reaches the table's end
 * is asked for again after REFRESH_MS, as the table grows. After a failure the next question waits
 * RETRY_MS.
 */
import {
	type History,
	LakeError,
	type LakeTable,
	lakeHistory,
	lakeTables,
} from "../../lake/lake-api.ts";
import type { Wanted } from "./history-range.ts";
import type { KeyHistory } from "./merge.ts";

const DEBOUNCE_MS = 150;
const CACHE_MAX = 12;
const REFRESH_MS = 20_000;
const RETRY_MS = 5_000;
const TABLES_EVERY_MS = 5_000;
/** Keys of one question: their names must fit into its address. */
const KEYS_MAX = 50;
const KEYS_TEXT_MAX = 6_000;

export interface HistoryWish extends Wanted {
	/** Of the shown keys. */
	readonly keys: readonly (string | null)[];
	readonly measures: readonly string[];
}

/** The answers to one wish: one for each part of its keys. */
interface Held {
	readonly answers: readonly History[];
	/** The range reaches to here. */
	readonly toMs: number;
	readonly byKey: ReadonlyMap<string, KeyHistory>;
	readonly askedMs: number;
}

const idOf = (key: string | null, measure: string) =>
	JSON.stringify([key, measure]);

export class StreamHistory {
	readonly #stream: string;
	readonly #changed: () => void;
	/** By the text of the question; the newest last. */
	readonly #cache = new Map<string, Held>();
	#wanted: string | undefined;
	#shown: Held | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#tablesTimer: ReturnType<typeof setTimeout> | undefined;
	#asking: AbortController | undefined;
	#asked: string | undefined;
	#failedMs = Number.NEGATIVE_INFINITY;
	readonly #stopped = new AbortController();
	/** Of the stream; undefined: not known yet, or the lake has none. */
	table: LakeTable | undefined;
	/** Whether the list of tables has been read. */
	known = false;
	/** Why the lake did not answer last time. */
	failure: string | undefined;
	/** Rises with each change of what is drawn. */
	version = 0;

	constructor(stream: string, changed: () => void) {
		this.#stream = stream;
		this.#changed = changed;
	}

	start(): void {
		void this.#readTables();
	}
	stop(): void {
		clearTimeout(this.#timer);
		clearTimeout(this.#tablesTimer);
		this.#asking?.abort();
		this.#stopped.abort();
	}

	/** Whether an answer is awaited. */
	get loading(): boolean {
		return this.#asking !== undefined;
	}
	/** Events or buckets that are drawn, of all keys and measures. */
	get points(): number {
		return [...(this.#shown?.byKey.values() ?? [])].reduce(
			(sum, { series }) => sum + series.time.length,
			0,
		);
	}
	/** There are more keys in the visible time than the lake answers for. */
	get moreKeys(): boolean {
		return this.#shown?.answers.some(({ moreKeys }) => moreKeys) === true;
	}
	/** Width of a bucket; undefined: every event is drawn. */
	get bucketMs(): number | undefined {
		return this.#shown?.answers.find(({ series }) =>
			series.some(({ raw }) => !raw),
		)?.bucketMs;
	}

	/** What the lake has of a key's measure, for the range that is asked for or was before. */
	of(key: string | null, measure: string): KeyHistory | undefined {
		return this.#shown?.byKey.get(idOf(key, measure));
	}

	/** Sets what is to be drawn; undefined: the live points are enough. To be called often. */
	want(wish: HistoryWish | undefined): void {
		const text = wish && JSON.stringify(wish);
		const isNew = text !== this.#wanted;
		if (isNew) {
			this.#wanted = text;
			clearTimeout(this.#timer);
			this.#timer = undefined;
			if (this.#asked !== text) this.#giveUp();
			const held = text === undefined ? undefined : this.#cache.get(text);
			// Until the answer comes, that of the range before stays: part of it is visible.
			if (held !== undefined || text === undefined) this.#show(held);
		}
		if (wish === undefined || text === undefined || !this.#isDue(text)) return;
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			void this.#ask(wish, text);
		}, DEBOUNCE_MS);
	}

	#isDue(text: string): boolean {
		if (this.#asking !== undefined) return false;
		const now = Date.now();
		if (now - this.#failedMs < RETRY_MS) return false;
		const held = this.#cache.get(text);
		if (held === undefined) return true;
		const end = this.table?.timeMax ?? Number.POSITIVE_INFINITY;
		return held.toMs > end && now - held.askedMs > REFRESH_MS;
	}

	#giveUp(): void {
		this.#asking?.abort();
		this.#asking = undefined;
		this.#asked = undefined;
	}

	async #ask(wish: HistoryWish, text: string): Promise<void> {
		const asking = new AbortController();
		this.#asking = asking;
		this.#asked = text;
		try {
			const answers: History[] = [];
			// One after the other: the lake answers few at a time.
			for (const keys of questionsOf(wish.keys))
				answers.push(
					await lakeHistory(
						{ ...wish, stream: this.#stream, keys },
						asking.signal,
					),
				);
			if (asking.signal.aborted) return;
			this.failure = undefined;
			const held = heldOf(answers, wish);
			this.#cache.delete(text);
			this.#cache.set(text, held);
			const [oldest] = this.#cache.keys();
			if (this.#cache.size > CACHE_MAX && oldest !== undefined)
				this.#cache.delete(oldest);
			this.#show(held);
		} catch (error) {
			if (asking.signal.aborted) return;
			this.#failed(error);
		} finally {
			if (this.#asking === asking) this.#giveUp();
			this.#changed();
		}
	}

	#show(held: Held | undefined): void {
		if (held === this.#shown) return;
		this.#shown = held;
		this.version++;
		this.#changed();
	}

	#failed(error: unknown): void {
		this.#failedMs = Date.now();
		this.failure = error instanceof Error ? error.message : String(error);
	}

	async #readTables(): Promise<void> {
		try {
			if (!this.known || document.visibilityState === "visible") {
				const tables = await lakeTables(this.#stopped.signal);
				this.table = tables.find(({ name }) => name === this.#stream);
				this.known = true;
				this.failure = undefined;
			}
		} catch (error) {
			if (this.#stopped.signal.aborted) return;
			this.#failed(error);
			// Switched off since the page was loaded: there is nothing to ask any more.
			if (error instanceof LakeError && error.status === 404) return;
		}
		this.#changed();
		this.#tablesTimer = setTimeout(
			() => void this.#readTables(),
			TABLES_EVERY_MS,
		);
	}
}

/**
 * The keys of each question; an empty list: all keys. A question has room for so many names, and
 * cannot name the records without a key.
 */
export function questionsOf(keys: readonly (string | null)[]): string[][] {
	if (keys.includes(null)) return [[]];
	const questions: string[][] = [];
	let length = Number.POSITIVE_INFINITY;
	for (const key of keys.filter((key) => key !== null)) {
		const more = encodeURIComponent(key).length;
		const last = questions.at(-1);
		if (last && last.length < KEYS_MAX && length + more <= KEYS_TEXT_MAX) {
			last.push(key);
			length += more;
		} else {
			questions.push([key]);
			length = more;
		}
	}
	return questions;
}

const heldOf = (
	answers: readonly History[],
	{ fromMs, toMs }: Wanted,
): Held => ({
	answers,
	toMs,
	byKey: new Map(
		answers.flatMap(({ positions, bucketMs, series: all }) =>
			all.map(
				(series) =>
					[
						idOf(series.key, series.measure),
						{ fromMs, toMs, positions, bucketMs, series },
					] as const,
			),
		),
	),
	askedMs: Date.now(),
});
