/** The requirements of a commit, as Iceberg's REST protocol names them. */
import { z } from "zod";
import type { TableMetadata } from "../iceberg/metadata.ts";

export const requirement = z.discriminatedUnion("type", [
	z.object({ type: z.literal("assert-table-uuid"), uuid: z.string() }),
	z.object({
		type: z.literal("assert-ref-snapshot-id"),
		ref: z.string(),
		"snapshot-id": z.bigint().nullable(),
	}),
	z.object({
		type: z.literal("assert-current-schema-id"),
		"current-schema-id": z.number(),
	}),
	z.object({
		type: z.literal("assert-last-assigned-field-id"),
		"last-assigned-field-id": z.number(),
	}),
]);
export type Requirement = z.infer<typeof requirement>;

/** Why a requirement does not hold; undefined: it holds. */
export function unmet(
	table: TableMetadata,
	wanted: Requirement,
): string | undefined {
	switch (wanted.type) {
		case "assert-table-uuid":
			return differs("table", table["table-uuid"], wanted.uuid);
		case "assert-ref-snapshot-id":
			return differs(
				`branch ${wanted.ref}`,
				table.refs[wanted.ref]?.["snapshot-id"] ?? null,
				wanted["snapshot-id"],
			);
		case "assert-current-schema-id":
			return differs(
				"current schema",
				table["current-schema-id"],
				wanted["current-schema-id"],
			);
		case "assert-last-assigned-field-id":
			return differs(
				"last column id",
				table["last-column-id"],
				wanted["last-assigned-field-id"],
			);
	}
}

const differs = <T>(what: string, is: T, expected: T) =>
	is === expected
		? undefined
		: `the ${what} is ${is}, the commit expected ${expected}`;
