/** The body of a commit that adds a snapshot, on the newest state that is known. */
import { randomBytes, randomUUID } from "node:crypto";
import { stringifyJson } from "../iceberg/json.ts";
import { type ManifestEntry, writeManifest } from "../iceberg/manifest.ts";
import {
	hasLiveFiles,
	type ManifestRecord,
	manifestRecord,
	writeManifestList,
} from "../iceberg/manifest-list.ts";
import { currentSchema, type TableMetadata } from "../iceberg/metadata.ts";
import { partitioningOf } from "../iceberg/partition.ts";
import { ensureFolder, syncFolderOf, writeUri } from "../storage/files.ts";
import { manifestFolder } from "./folders.ts";
import type { TableState } from "./state.ts";

/** Older snapshots are removed by the next commit, except those that a branch or a tag names. */
const KEPT_SNAPSHOTS = 20;

/** A manifest on the disk, which the list of any snapshot can name. */
export interface WrittenManifest {
	readonly path: string;
	readonly length: number;
	readonly entries: readonly ManifestEntry[];
}

export interface NewSnapshot {
	readonly id: bigint;
	readonly operation: "append" | "replace";
	readonly added: readonly WrittenManifest[];
	/** Those of the state that remain, by path. undefined: all. */
	readonly keeps?: (manifest: ManifestRecord) => boolean;
	/** How many there are more, or fewer, after it. */
	readonly rows: bigint;
	readonly files: number;
	readonly summary: Readonly<Record<string, string>>;
	readonly properties: Readonly<Record<string, string>>;
}

export interface Proposal {
	/** undefined: no snapshot, only the schema changes. */
	readonly snapshotId: bigint | undefined;
	readonly body: string;
	/** All manifests of the table afterwards. */
	readonly manifests: readonly ManifestRecord[];
}

/** Random, as Iceberg has them: positive, of 63 bits. */
export const newSnapshotId = (): bigint =>
	randomBytes(8).readBigUInt64BE() >> 1n;

export async function writeNewManifest(
	{ metadata }: TableState,
	entries: readonly ManifestEntry[],
): Promise<WrittenManifest> {
	const bytes = await writeManifest(
		entries,
		currentSchema(metadata),
		partitioningOf(metadata),
	);
	const path = `${manifestFolder(metadata)}/${randomUUID()}-m0.avro`;
	await ensureFolder(manifestFolder(metadata));
	await writeUri(path, bytes);
	return { path, length: bytes.length, entries };
}

/** What holds only as long as no other commit is applied. */
export const requirementsOf = ({ metadata, snapshot }: TableState) => [
	{ type: "assert-table-uuid", uuid: metadata["table-uuid"] },
	{
		type: "assert-ref-snapshot-id",
		ref: "main",
		"snapshot-id": snapshot?.["snapshot-id"] ?? null,
	},
];

/** Writes the manifest list, so that nothing but the commit itself is left to do. */
export async function proposeSnapshot(
	state: TableState,
	wanted: NewSnapshot,
): Promise<Proposal> {
	const { metadata, snapshot } = state;
	const sequenceNumber = metadata["last-sequence-number"] + 1n;
	const parentId = snapshot?.["snapshot-id"];
	const partitioning = partitioningOf(metadata);
	const manifests = [
		...wanted.added.map((manifest) =>
			manifestRecord(manifest, partitioning, wanted.id, sequenceNumber),
		),
		...state.manifests
			.filter(hasLiveFiles)
			.filter(wanted.keeps ?? (() => true)),
	];
	const list = `${manifestFolder(metadata)}/snap-${wanted.id}-${randomUUID()}.avro`;
	await ensureFolder(manifestFolder(metadata));
	await writeUri(
		list,
		await writeManifestList(manifests, {
			snapshotId: wanted.id,
			parentId,
			sequenceNumber,
		}),
	);
	await syncFolderOf(list);
	const updates = [
		{
			action: "add-snapshot",
			snapshot: {
				"snapshot-id": wanted.id,
				...(parentId !== undefined && { "parent-snapshot-id": parentId }),
				"sequence-number": sequenceNumber,
				"timestamp-ms": Math.max(Date.now(), metadata["last-updated-ms"]),
				"manifest-list": list,
				"schema-id": metadata["current-schema-id"],
				summary: summaryOf(state, wanted),
			},
		},
		{
			action: "set-snapshot-ref",
			"ref-name": "main",
			type: "branch",
			"snapshot-id": wanted.id,
		},
		...(Object.keys(wanted.properties).length > 0
			? [{ action: "set-properties", updates: wanted.properties }]
			: []),
		...removal(metadata),
	];
	return {
		snapshotId: wanted.id,
		body: stringifyJson({ requirements: requirementsOf(state), updates }),
		manifests,
	};
}

function summaryOf({ snapshot }: TableState, wanted: NewSnapshot) {
	const before = snapshot?.summary ?? {};
	const total = (name: string, more: bigint) =>
		String(BigInt(before[name] ?? 0) + more);
	return {
		operation: wanted.operation,
		...wanted.summary,
		"total-records": total("total-records", wanted.rows),
		"total-data-files": total("total-data-files", BigInt(wanted.files)),
		"total-delete-files": "0",
	};
}

function removal({ snapshots, refs }: TableMetadata) {
	const named = new Set(Object.values(refs).map((ref) => ref["snapshot-id"]));
	const old = snapshots
		.map((each) => ({
			id: each["snapshot-id"],
			sequence: each["sequence-number"],
		}))
		.sort((a, b) => Number(b.sequence - a.sequence))
		// One less: the new one is kept too.
		.slice(KEPT_SNAPSHOTS - 1)
		.map(({ id }) => id)
		.filter((id) => !named.has(id));
	return old.length === 0
		? []
		: [{ action: "remove-snapshots", "snapshot-ids": old }];
}
