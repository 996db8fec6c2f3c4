/** A table that this process owns. */
import type { Catalog } from "../catalog/catalog.ts";
import { RowsError } from "../errors.ts";
import { stringifyJson } from "../iceberg/json.ts";
import { currentSchema } from "../iceberg/metadata.ts";
import { columnsOf, evolved, type TableColumn } from "../iceberg/schema.ts";
import { Maintenance } from "../maintain/maintenance.ts";
import { partitionKey } from "../maintain/plan.ts";
import { MAINTENANCE, type MaintenanceSettings } from "../maintain/settings.ts";
import type { ParquetWriter } from "../parquet/parquet-writer.ts";
import type {
	Column,
	Committed,
	Maintained,
	OwnedTable,
	Positions,
	Rows,
} from "../ports.ts";
import { writeAppend } from "./append.ts";
import { Commits } from "./commits.ts";
import { commitProperties, PROPERTY, positionsOf } from "./properties.ts";
import {
	newSnapshotId,
	type Proposal,
	proposeSnapshot,
	requirementsOf,
	type WrittenManifest,
} from "./proposal.ts";
import type { Waiting } from "./retry.ts";
import type { TableState } from "./state.ts";

export class LakeTable implements OwnedTable {
	readonly name: string;
	readonly #owner: string;
	readonly #commits: Commits;
	readonly #writer: ParquetWriter;
	readonly #maintenance: Maintenance;
	#busy = false;

	constructor(
		catalog: Catalog,
		name: string,
		state: TableState,
		writer: ParquetWriter,
		options: Waiting & {
			readonly owner: string;
			readonly maintenance?: Partial<MaintenanceSettings> | undefined;
		},
	) {
		this.name = name;
		this.#owner = options.owner;
		this.#commits = new Commits(catalog, name, state, options);
		this.#writer = writer;
		this.#maintenance = new Maintenance(catalog, name, this.#commits, writer, {
			...MAINTENANCE,
			...options.maintenance,
		});
	}

	get columns(): readonly TableColumn[] {
		return columnsOf(currentSchema(this.#commits.state.metadata));
	}

	get positions(): Positions {
		return positionsOf(this.#commits.state.metadata.properties);
	}

	commit(rows: Rows, positions: Positions): Promise<Committed> {
		return this.#alone(() => this.#commit(rows, positions));
	}

	evolve(columns: readonly Column[]): Promise<void> {
		return this.#alone(() => this.#evolve(columns));
	}

	maintain(): Promise<Maintained> {
		return this.#alone(() => this.#maintenance.run());
	}

	async close(): Promise<void> {
		this.#writer.close();
	}

	async #commit(rows: Rows, moved: Positions): Promise<Committed> {
		const start = performance.now();
		this.#refuseMisshapen(rows);
		const positions = this.#positionsAfter(moved);
		const id = newSnapshotId();
		const { state } = this.#commits;
		const manifest = await writeAppend(this.#writer, state, rows, id);
		await this.#commits.run({
			propose: (base) =>
				this.#append(base, id, rows.count, manifest, positions),
			landed: ({ properties, snapshots }) =>
				properties[PROPERTY.commit] === String(id) ||
				snapshots.some((each) => each["snapshot-id"] === id),
			commitId: id,
			onForeignCommit: "rebase",
		});
		const files = manifest?.entries ?? [];
		this.#maintenance.committed(files.map(partitionKey));
		return {
			snapshotId: id,
			rows: rows.count,
			files: files.length,
			ms: performance.now() - start,
		};
	}

	#append(
		base: TableState,
		id: bigint,
		rows: number,
		manifest: WrittenManifest | undefined,
		positions: Positions,
	): Promise<Proposal> {
		const files = manifest?.entries.length ?? 0;
		const properties = commitProperties(this.#owner, positions, id);
		return proposeSnapshot(base, {
			id,
			operation: "append",
			added: manifest ? [manifest] : [],
			rows: BigInt(rows),
			files,
			summary: {
				"added-data-files": String(files),
				"added-records": String(rows),
				...properties,
			},
			properties,
		});
	}

	async #evolve(wanted: readonly Column[]): Promise<void> {
		const next = ({ metadata }: TableState) =>
			evolved(
				this.name,
				currentSchema(metadata),
				wanted,
				metadata["last-column-id"],
			);
		if (next(this.#commits.state) === undefined) return;
		await this.#commits.run({
			propose: async (base) => ({
				snapshotId: undefined,
				body: schemaChange(base, next(base)),
				manifests: base.manifests,
			}),
			landed: (metadata) =>
				evolved(
					this.name,
					currentSchema(metadata),
					wanted,
					metadata["last-column-id"],
				) === undefined,
			onForeignCommit: "rebase",
		});
	}

	#refuseMisshapen({ count, columns }: Rows): void {
		const expected = this.columns.length;
		if (columns.length !== expected)
			throw new RowsError(
				`the rows have ${columns.length} columns, the table ${this.name} has ${expected}`,
			);
		const wrong = columns.findIndex((column) => column.length !== count);
		if (wrong >= 0)
			throw new RowsError(
				`column ${wrong} has ${columns[wrong]?.length} values, there are ${count} rows`,
			);
	}

	/** Those of all partitions: of the ones that did not move too. */
	#positionsAfter(moved: Positions): Positions {
		const { positions } = this;
		for (const [partition, offset] of moved)
			if (offset < (positions.get(partition) ?? 0))
				throw new RowsError(
					`the position of partition ${partition} would go back from ${positions.get(partition)} to ${offset}`,
				);
		return new Map([...positions, ...moved]);
	}

	/** Two changes at once would build on the same state. */
	async #alone<T>(act: () => Promise<T>): Promise<T> {
		if (this.#busy)
			throw new Error(`the methods of the table ${this.name} overlap`);
		this.#busy = true;
		try {
			return await act();
		} finally {
			this.#busy = false;
		}
	}
}

const schemaChange = (base: TableState, next: ReturnType<typeof evolved>) =>
	stringifyJson({
		requirements: [
			...requirementsOf(base),
			{
				type: "assert-current-schema-id",
				"current-schema-id": base.metadata["current-schema-id"],
			},
		],
		updates: next && [
			{
				action: "add-schema",
				schema: next.schema,
				"last-column-id": next.lastColumnId,
			},
			{ action: "set-current-schema", "schema-id": -1 },
		],
	});
