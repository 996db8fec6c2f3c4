/** The state of a table, for the page /tables and the metrics. */

/**
 * opening: not read yet. reading: as it should be. waiting: failed, and tried again after a pause.
 * absent: there is no topic. stopped: the definition does not fit the table.
 */
export type TableState =
	| "opening"
	| "reading"
	| "waiting"
	| "absent"
	| "stopped";

/** The size of a table in the lake. */
export interface TableSize {
	readonly rows: number;
	readonly files: number;
	readonly bytes: number;
	readonly snapshots: number;
}

interface LakeLogger {
	info(facts: object, message: string): void;
	warn(facts: object, message: string): void;
}

export class TableStatus {
	readonly table: string;
	readonly stream: string;
	state: TableState = "opening";
	/** Whether it was opened once, or cannot be. */
	seen = false;
	error: string | undefined;
	/** Counted since this process started. */
	rowsWritten = 0;
	refused = 0;
	commits = 0;
	deletedOffsets = 0;
	lagRecords: number | undefined;
	lastCommitAt: number | undefined;
	size: TableSize | undefined;
	/** When the table last stood for everything that its topic holds: monotonic. */
	#wholeAtMs: number | undefined;

	constructor(table: string, stream: string) {
		this.table = table;
		this.stream = stream;
	}

	enter(state: TableState, error?: string): void {
		this.state = state;
		this.error = error;
		if (state !== "opening" && state !== "waiting") this.seen = true;
	}

	/**
	 * A logger for the table's own retries: while the catalog is away, a commit waits for it, and
	 * the state says so.
	 */
	whileWaiting<L extends LakeLogger>(
		logger: L,
		onFailure: () => void,
	): LakeLogger {
		return {
			info: (facts, message) => logger.info(facts, message),
			warn: (facts, message) => {
				logger.warn(facts, message);
				onFailure();
				const { reason, error } = facts as { reason?: string; error?: string };
				this.enter("waiting", `${message}: ${reason ?? error ?? "no reason"}`);
			},
		};
	}

	committed(rows: number, refused: number, at: number): void {
		this.rowsWritten += rows;
		this.refused += refused;
		this.commits++;
		this.lastCommitAt = at;
		this.enter("reading");
	}

	/** lag: records of the topic that are not in the table. */
	looked(lag: number, nowMs: number): void {
		this.lagRecords = lag;
		if (lag === 0 || this.#wholeAtMs === undefined) this.#wholeAtMs = nowMs;
	}

	/** Seconds since the table stood for everything; 0 if it does. undefined: not known yet. */
	lagSeconds(nowMs: number): number | undefined {
		if (this.#wholeAtMs === undefined) return undefined;
		return this.lagRecords === 0 ? 0 : (nowMs - this.#wholeAtMs) / 1_000;
	}

	page(nowMs: number): object {
		return {
			table: this.table,
			stream: this.stream,
			state: this.state,
			error: this.error ?? null,
			rowsWritten: this.rowsWritten,
			refused: this.refused,
			deletedOffsets: this.deletedOffsets,
			commits: this.commits,
			lastCommitAt: isoOf(this.lastCommitAt),
			lag: {
				records: this.lagRecords ?? null,
				seconds: this.lagSeconds(nowMs) ?? null,
			},
			size: this.size ?? null,
		};
	}
}

const isoOf = (ms: number | undefined): string | null =>
	ms === undefined ? null : new Date(ms).toISOString();
