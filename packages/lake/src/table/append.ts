/** Writes the rows of a commit into files, before the commit itself. */
import { type ManifestEntry, STATUS } from "../iceberg/manifest.ts";
import { currentSchema } from "../iceberg/metadata.ts";
import { partitioningOf } from "../iceberg/partition.ts";
import { columnsOf } from "../iceberg/schema.ts";
import type { ParquetWriter } from "../parquet/parquet-writer.ts";
import type { Rows } from "../ports.ts";
import { ensureFolder, pathOf, syncFolder } from "../storage/files.ts";
import { groupByPartition } from "./grouping.ts";
import { type WrittenManifest, writeNewManifest } from "./proposal.ts";
import type { TableState } from "./state.ts";

/** undefined: there are no rows. */
export async function writeAppend(
	writer: ParquetWriter,
	state: TableState,
	rows: Rows,
	snapshotId: bigint,
): Promise<WrittenManifest | undefined> {
	if (rows.count === 0) return undefined;
	const { metadata } = state;
	const columns = columnsOf(currentSchema(metadata));
	const partitioning = partitioningOf(metadata);
	const timeColumn = columns.findIndex(
		({ id }) => id === partitioning.column.id,
	);
	const { groups, partitions } = groupByPartition(
		rows,
		timeColumn,
		partitioning.per,
	);
	const folder = `${metadata.location}/data`;
	await ensureFolder(folder);
	const files = await writer.writeRows(
		folder,
		columns,
		rows,
		groups,
		partitions.length,
	);
	await syncFolder(pathOf(folder));
	await ensureFolder(`${metadata.location}/metadata`);
	const entries = files.map(
		({ uri, statistics }, index): ManifestEntry => ({
			status: STATUS.added,
			snapshot_id: snapshotId,
			// Those of the commit, whichever base it will have.
			sequence_number: null,
			file_sequence_number: null,
			data_file: {
				content: 0,
				file_path: uri,
				file_format: "PARQUET",
				partition: { [partitioning.field]: partitions[index] ?? null },
				...statistics,
				equality_ids: null,
			},
		}),
	);
	return writeNewManifest(state, entries);
}
