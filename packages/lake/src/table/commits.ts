/**
 * Commits to one table, each with a certain outcome. docs/how-it-works/lake.md tells the protocol:
 *
 * - A commit requires the snapshot that it builds on. So of all attempts on one base, by whomever,
 *   at most one is applied, and a request whose answer was lost can be sent again as it is.
 * - A conflict means that the newest snapshot is another one. It is loaded, and tells which: our
 *   own, by an attempt whose answer was lost; one of a program that compacts, on which we build
 *   again; or one of another owner, who has fenced us.
 * - No file is ever deleted because a commit failed.
 */
import type { Catalog, LoadedTable } from "../catalog/catalog.ts";
import { FencedError } from "../errors.ts";
import { currentSnapshot, type TableMetadata } from "../iceberg/metadata.ts";
import { PROPERTY } from "./properties.ts";
import type { Proposal } from "./proposal.ts";
import { backOff, untilAvailable, type Waiting } from "./retry.ts";
import { readState, stateOf, type TableState } from "./state.ts";

export interface Change {
	propose(state: TableState): Promise<Proposal>;
	/** Whether the change is in this metadata, though its answer was lost. */
	landed(metadata: TableMetadata): boolean;
	/** The table's `fireworks.commit` after it; undefined: it changes nothing there. */
	readonly commitId?: bigint;
	/** Another program changed the table: try again on what it left, or leave it. */
	readonly onForeignCommit: "rebase" | "give-up";
}

export class Commits {
	readonly #catalog: Catalog;
	readonly #name: string;
	readonly #waiting: Waiting;
	#state: TableState;

	constructor(
		catalog: Catalog,
		name: string,
		state: TableState,
		waiting: Waiting,
	) {
		this.#catalog = catalog;
		this.#name = name;
		this.#state = state;
		this.#waiting = waiting;
	}

	get state(): TableState {
		return this.#state;
	}

	/** Whether it was applied: false only if it gave up. Throws FencedError. */
	async run(change: Change): Promise<boolean> {
		for (let conflicts = 1; ; conflicts += 1) {
			const before = this.#state.metadata;
			const proposal = await change.propose(this.#state);
			const table = await this.#send(proposal.body);
			if (table !== undefined) {
				this.#refuseOtherOwner(before, table.metadata, change.commitId);
				this.#state = await stateAfter(table, proposal);
				return true;
			}
			const state = await untilAvailable(
				() => readState(this.#catalog, this.#name),
				this.#waiting,
			);
			const landed = change.landed(state.metadata);
			this.#refuseOtherOwner(
				before,
				state.metadata,
				landed ? change.commitId : undefined,
			);
			if (landed) {
				this.#state = state;
				return true;
			}
			this.#state = state;
			this.#waiting.logger.info(
				{ table: this.#name, conflicts },
				"another program changed the table",
			);
			if (change.onForeignCommit === "give-up") return false;
			await backOff(conflicts, this.#waiting);
		}
	}

	/** The same bytes until the outcome is certain. undefined: a conflict. */
	async #send(body: string): Promise<LoadedTable | undefined> {
		const { logger } = this.#waiting;
		for (let attempts = 1; ; attempts += 1) {
			const answer = await this.#catalog.commit(this.#name, body);
			if (answer.outcome === "committed") return answer.table;
			const { reason } = answer;
			if (answer.outcome === "conflict") {
				logger.info({ table: this.#name, reason }, "the commit had a conflict");
				return undefined;
			}
			logger.warn(
				{ table: this.#name, attempts, reason },
				"the outcome of the commit is unknown: sending the same commit again",
			);
			await backOff(attempts, this.#waiting);
		}
	}

	/**
	 * Another owner can have committed at any time, also between our commit and its answer. To go on
	 * from its state would write rows that it has written. commitId: of our commit, if it was
	 * applied.
	 */
	#refuseOtherOwner(
		before: TableMetadata,
		now: TableMetadata,
		commitId: bigint | undefined,
	): void {
		const expected =
			commitId === undefined
				? before.properties[PROPERTY.commit]
				: String(commitId);
		const same =
			before["table-uuid"] === now["table-uuid"] &&
			expected === now.properties[PROPERTY.commit];
		if (same) return;
		throw new FencedError(
			`the table ${this.#name} now belongs to the owner ${now.properties[PROPERTY.owner] ?? "of a new table"}: end this process, the other one goes on`,
		);
	}
}

async function stateAfter(
	{ metadata }: LoadedTable,
	{ snapshotId, manifests }: Proposal,
): Promise<TableState> {
	const snapshot = currentSnapshot(metadata);
	// Another program can have committed before the catalog wrote its answer.
	if (snapshotId !== undefined && snapshot?.["snapshot-id"] !== snapshotId)
		return stateOf(metadata);
	return { metadata, snapshot, manifests };
}
