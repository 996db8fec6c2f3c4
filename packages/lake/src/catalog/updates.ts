/** The updates of a commit, named as in Iceberg's REST protocol, applied to a table's metadata. */
import { z } from "zod";
import type {
	Snapshot,
	TableMetadata,
	TableSchema,
} from "../iceberg/metadata.ts";

/** The id that stands for the one just added. */
const LAST_ADDED = -1;

export const update = z.discriminatedUnion("action", [
	z.object({
		action: z.literal("add-schema"),
		schema: z.custom<TableSchema>(),
		"last-column-id": z.number().optional(),
	}),
	z.object({
		action: z.literal("set-current-schema"),
		"schema-id": z.number(),
	}),
	z.object({
		action: z.literal("add-snapshot"),
		snapshot: z.custom<Snapshot>(),
	}),
	z.object({
		action: z.literal("set-snapshot-ref"),
		"ref-name": z.string(),
		type: z.string(),
		"snapshot-id": z.bigint(),
	}),
	z.object({
		action: z.literal("remove-snapshots"),
		"snapshot-ids": z.array(
			z.union([z.bigint(), z.number()]).transform((id) => BigInt(id)),
		),
	}),
	z.object({
		action: z.literal("set-properties"),
		updates: z.record(z.string(), z.string()),
	}),
	z.object({
		action: z.literal("remove-properties"),
		removals: z.array(z.string()),
	}),
]);
export type Update = z.infer<typeof update>;

export const applyUpdates = (
	table: TableMetadata,
	updates: readonly Update[],
	now: number,
): TableMetadata => ({
	...updates.reduce((state, each) => apply(state, each, now), table),
	"last-updated-ms": Math.max(now, table["last-updated-ms"]),
});

function apply(
	table: TableMetadata,
	change: Update,
	now: number,
): TableMetadata {
	switch (change.action) {
		case "add-schema":
			return addSchema(table, change.schema);
		case "set-current-schema":
			return {
				...table,
				"current-schema-id":
					change["schema-id"] === LAST_ADDED
						? lastSchemaId(table)
						: change["schema-id"],
			};
		case "add-snapshot":
			return {
				...table,
				snapshots: [...table.snapshots, change.snapshot],
				"last-sequence-number": change.snapshot["sequence-number"],
			};
		case "set-snapshot-ref":
			return setRef(table, change, now);
		case "remove-snapshots":
			return removeSnapshots(table, new Set(change["snapshot-ids"]));
		case "set-properties":
			return {
				...table,
				properties: { ...table.properties, ...change.updates },
			};
		case "remove-properties":
			return {
				...table,
				properties: Object.fromEntries(
					Object.entries(table.properties).filter(
						([key]) => !change.removals.includes(key),
					),
				),
			};
	}
}

const lastSchemaId = ({ schemas }: TableMetadata) =>
	Math.max(...schemas.map((each) => each["schema-id"]));

function addSchema(table: TableMetadata, schema: TableSchema): TableMetadata {
	const added = { ...schema, "schema-id": lastSchemaId(table) + 1 };
	return {
		...table,
		schemas: [...table.schemas, added],
		"last-column-id": Math.max(
			table["last-column-id"],
			...added.fields.map(({ id }) => id),
		),
	};
}

function setRef(
	table: TableMetadata,
	change: Extract<Update, { action: "set-snapshot-ref" }>,
	now: number,
): TableMetadata {
	const { action: _, "ref-name": name, ...ref } = change;
	const changed = { ...table, refs: { ...table.refs, [name]: ref } };
	if (name !== "main") return changed;
	const id = change["snapshot-id"];
	return {
		...changed,
		"current-snapshot-id": id,
		"snapshot-log": [
			...table["snapshot-log"],
			{ "snapshot-id": id, "timestamp-ms": now },
		],
	};
}

const removeSnapshots = (
	table: TableMetadata,
	gone: ReadonlySet<bigint>,
): TableMetadata => ({
	...table,
	snapshots: table.snapshots.filter((each) => !gone.has(each["snapshot-id"])),
	"snapshot-log": table["snapshot-log"].filter(
		(each) => !gone.has(each["snapshot-id"]),
	),
});
