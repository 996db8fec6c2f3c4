/** The newest position in each partition of some changelogs, read from their ends. */
import { POSITION_KEY } from "@fireworks/contracts";
import type { OffsetRange } from "@fireworks/streams";
import type { Kafka } from "../kafka.ts";
import { lookBack } from "../last-records.ts";

/** Every transaction writes a position, so it lies near the end. */
const FIRST_LOOK = 200;

/** By changelog and partition: the parsed JSON of the position. */
export async function changelogTails(
	{ admin }: Pick<Kafka, "admin">,
	changelogs: ReadonlyMap<string, readonly OffsetRange[]>,
): Promise<ReadonlyMap<string, ReadonlyMap<number, unknown>>> {
	const newest = new Map<string, { offset: number; value: unknown }>();
	const id = (topic: string, partition: number) => `${topic}/${partition}`;
	await lookBack(
		admin,
		changelogs,
		(topic, partition) => newest.has(id(topic, partition)),
		(records) => {
			for (const { topic, partition, offset, key, value } of records) {
				if (String(key) !== POSITION_KEY || value === null) continue;
				const before = newest.get(id(topic, partition));
				if (before === undefined || before.offset < offset)
					newest.set(id(topic, partition), { offset, value: json(value) });
			}
		},
		{ first: FIRST_LOOK },
	);
	return new Map(
		[...changelogs].map(([topic, ranges]) => [
			topic,
			new Map(
				ranges.flatMap(({ partition }) => {
					const found = newest.get(id(topic, partition));
					return found === undefined ? [] : [[partition, found.value]];
				}),
			),
		]),
	);
}

function json(value: Buffer): unknown {
	try {
		return JSON.parse(value.toString("utf8"));
	} catch {
		return undefined;
	}
}
