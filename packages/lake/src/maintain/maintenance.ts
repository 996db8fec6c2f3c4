/** Keeps a table small and fast to read, between the commits of its owner. */
import type { Catalog } from "../catalog/catalog.ts";
import type { ParquetWriter } from "../parquet/parquet-writer.ts";
import type { Maintained } from "../ports.ts";
import type { Commits } from "../table/commits.ts";
import { proposeSnapshot } from "../table/proposal.ts";
import type { TableState } from "../table/state.ts";
import { type Compaction, prepareCompaction } from "./compaction.ts";
import { LiveFiles } from "./live-files.ts";
import { findOrphans } from "./orphans.ts";
import type { MaintenanceSettings } from "./settings.ts";
import { Trash } from "./trash.ts";

/** No snapshot that is kept names the file. */
const UNNAMED = 0n;

export class Maintenance {
	readonly #catalog: Catalog;
	readonly #name: string;
	readonly #commits: Commits;
	readonly #writer: ParquetWriter;
	readonly #settings: MaintenanceSettings;
	readonly #live = new LiveFiles();
	readonly #trash = new Trash();
	/** The manifest lists of the snapshots that are kept. */
	#lists: ReadonlySet<string>;
	#expired = 0;
	#commitsSincePlan = 0;
	#planDueAt = 0;
	#sweepDueAt = 0;
	/** By partition: when rows last went into it. */
	readonly #lastRows = new Map<string, number>();

	constructor(
		catalog: Catalog,
		name: string,
		commits: Commits,
		writer: ParquetWriter,
		settings: MaintenanceSettings,
	) {
		this.#catalog = catalog;
		this.#name = name;
		this.#commits = commits;
		this.#writer = writer;
		this.#settings = settings;
		this.#lists = listsOf(commits.state);
	}

	/** To be called after each commit. partitions: those that got rows, by their keys. */
	committed(partitions: readonly string[]): void {
		this.#commitsSincePlan += 1;
		const now = this.#settings.now();
		for (const partition of partitions) this.#lastRows.set(partition, now);
		this.#noticeExpired();
	}

	async run(): Promise<Maintained> {
		const now = this.#settings.now();
		const filesRewritten = this.#isPlanDue(now) ? await this.#compact(now) : 0;
		if (now >= this.#sweepDueAt) await this.#sweep(now);
		const filesDeleted = await this.#trash.empty(
			oldestKept(this.#commits.state),
			now,
			this.#settings.graceMs,
		);
		const snapshotsExpired = this.#expired;
		this.#expired = 0;
		return { filesRewritten, snapshotsExpired, filesDeleted };
	}

	#isPlanDue(now: number): boolean {
		return (
			this.#commitsSincePlan >= this.#settings.planEveryCommits ||
			now >= this.#planDueAt
		);
	}

	async #compact(now: number): Promise<number> {
		this.#commitsSincePlan = 0;
		this.#planDueAt = now + this.#settings.planEveryMs;
		const { state } = this.#commits;
		const compaction = await prepareCompaction(
			this.#writer,
			state,
			await this.#live.of(state),
			(partition) => this.#isQuiet(partition, now),
		);
		if (compaction === undefined) return 0;
		return (await this.#replace(compaction)) ? compaction.filesRewritten : 0;
	}

	#isQuiet(partition: string, now: number): boolean {
		const last = this.#lastRows.get(partition);
		if (last !== undefined && now - last < this.#settings.quietMs) return false;
		this.#lastRows.delete(partition);
		return true;
	}

	/** Whether it was applied. What it wrote is an orphan if not. */
	async #replace(compaction: Compaction): Promise<boolean> {
		const { snapshot, replaced, ownManifests } = compaction;
		const applied = await this.#commits.run({
			propose: (base) => proposeSnapshot(base, snapshot),
			landed: ({ snapshots }) =>
				snapshots.some((each) => each["snapshot-id"] === snapshot.id),
			onForeignCommit: "give-up",
		});
		this.#noticeExpired();
		if (!applied) return false;
		const sequence = this.#commits.state.metadata["last-sequence-number"];
		this.#trash.add(replaced, sequence);
		this.#trash.add(ownManifests, sequence + 1n);
		return true;
	}

	#noticeExpired(): void {
		const lists = listsOf(this.#commits.state);
		const gone = [...this.#lists].filter((list) => !lists.has(list));
		this.#trash.add(gone, UNNAMED);
		this.#expired += gone.length;
		this.#lists = lists;
	}

	async #sweep(now: number): Promise<void> {
		this.#sweepDueAt = now + this.#settings.sweepEveryMs;
		const before = now - this.#settings.orphanAgeMs;
		const { location } = this.#commits.state.metadata;
		this.#trash.add(
			await findOrphans(this.#catalog, this.#name, location, before),
			UNNAMED,
		);
		await this.#catalog.removeLeftovers(this.#name, before);
	}
}

const listsOf = ({ metadata }: TableState): ReadonlySet<string> =>
	new Set(metadata.snapshots.map((each) => each["manifest-list"]));

const oldestKept = ({ metadata }: TableState): bigint =>
	metadata.snapshots
		.map((each) => each["sequence-number"])
		.sort((a, b) => Number(a - b))[0] ?? metadata["last-sequence-number"];
