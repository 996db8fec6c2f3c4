/** What Fireworks keeps in the properties of its tables, and in the summaries of its snapshots. */
import { z } from "zod";
import { UnsupportedTableError } from "../errors.ts";
import type { Positions } from "../ports.ts";

export const PROPERTY = {
	/** Kafka's id of the topic whose rows these are. */
	topicId: "fireworks.topic-id",
	/** 1 for the first table of a name. */
	generation: "fireworks.generation",
	/** For each partition the offset after the last one that the table stands for, as JSON. */
	positions: "fireworks.positions",
	/** Who committed last. */
	owner: "fireworks.owner",
	/**
	 * The id of the snapshot by which the positions were committed. Only owners change it: a commit
	 * of another program, such as a compaction, leaves it alone.
	 */
	commit: "fireworks.commit",
} as const;

type Properties = Readonly<Record<string, string>>;

const positionsJson = z.record(
	z.string().regex(/^\d+$/),
	z.number().int().nonnegative(),
);

export function positionsOf(properties: Properties): Positions {
	const text = properties[PROPERTY.positions];
	if (text === undefined) return new Map();
	const { success, data } = positionsJson.safeParse(parsed(text));
	if (!success)
		throw new UnsupportedTableError(
			`the table's property ${PROPERTY.positions} is ${text}: it must be an object of partitions and offsets`,
		);
	return new Map(
		Object.entries(data).map(([partition, offset]) => [
			Number(partition),
			offset,
		]),
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** What a commit of rows sets. */
export const commitProperties = (
	owner: string,
	positions: Positions,
	snapshotId: bigint,
): Record<string, string> => ({
	[PROPERTY.positions]: JSON.stringify(Object.fromEntries(positions)),
	[PROPERTY.owner]: owner,
	[PROPERTY.commit]: String(snapshotId),
});
