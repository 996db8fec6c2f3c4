/** Follows a stage by the positions in its changelog, with the broker's times. */
import { POSITION_KEY, positionSchema } from "@fireworks/contracts";
import type { Log } from "@fireworks/streams";

/** Waits until the stage has committed its whole input; returns how long it took, in ms. */
export async function untilProcessed(
	log: Log,
	changelog: string,
	input: string,
): Promise<number> {
	const ends = ((await log.offsets(input)) ?? []).map(({ high }) => high);
	const nexts = new Map<number, number>();
	let first = Number.POSITIVE_INFINITY;
	let last = 0;
	const done = Promise.withResolvers<void>();
	const reader = await log.read({
		name: "bench-progress",
		topics: [changelog],
		from: () => 0,
		onRecords: (_topic, partition, records) => {
			for (const { key, value, timestamp } of records) {
				if (String(key) !== POSITION_KEY) continue;
				const { next } = positionSchema.parse(JSON.parse(String(value)));
				first = Math.min(first, timestamp);
				if (Number(next) > (nexts.get(partition) ?? 0)) {
					nexts.set(partition, Number(next));
					last = Math.max(last, timestamp);
				}
			}
			// The last offset is the end of a transaction.
			if (ends.every((end, p) => (nexts.get(p) ?? 0) >= end - 1))
				done.resolve();
		},
	});
	try {
		await Promise.race([done.promise, reader.ended]);
	} finally {
		await reader.close();
	}
	return last - first;
}
