/** Which dead letters a replay will write, and why it leaves others out. */
import type { Kafka } from "../kafka.ts";
import { type Letter, type LetterFilter, matches, placeOf } from "./letter.ts";
import { letters } from "./list.ts";

export interface ReplayPlan {
	/** Places of the letters to write, by partition in the order of their offsets. */
	readonly chosen: ReadonlySet<string>;
	/** How many go to each topic. */
	readonly targets: ReadonlyMap<string, number>;
	/** How many are left out, by reason. */
	readonly left: ReadonlyMap<string, number>;
}

/** replayed: whether the letter at a place was replayed before. */
export async function planReplay(
	kafka: Kafka,
	filter: LetterFilter,
	limit: number,
	replayed: (place: string) => boolean,
): Promise<ReplayPlan> {
	const partitions = new Map<string, number>();
	for (const topic of kafka.topics) partitions.set(topic, -1);
	const plan = {
		chosen: new Set<string>(),
		targets: new Map<string, number>(),
		left: new Map<string, number>(),
	};
	const leave = (reason: string) => increment(plan.left, reason);
	for await (const letter of letters(kafka)) {
		if (!matches(letter, filter)) continue;
		const place = placeOf(letter);
		if (replayed(place)) leave("replayed before (--again writes them again)");
		else {
			const why = await whyNot(kafka, letter, partitions);
			if (why !== undefined) leave(why);
			else if (plan.chosen.size >= limit)
				leave(`beyond the limit of ${limit} (run the command again)`);
			else {
				plan.chosen.add(place);
				increment(plan.targets, letter.source);
			}
		}
	}
	return plan;
}

/** partitions: how many each topic has; -1: not asked for yet. */
async function whyNot(
	{ admin }: Kafka,
	{ source, partition }: Letter,
	partitions: Map<string, number>,
): Promise<string | undefined> {
	if (source === "") return "names no source";
	if (/^(file|source):/.test(source))
		return `comes from ${source}, which is not a topic: correct the rows there, and write them again`;
	let count = partitions.get(source);
	if (count === undefined) return `the topic ${source} does not exist`;
	if (count === -1) {
		count = (await admin.offsets(source))?.length ?? 0;
		partitions.set(source, count);
	}
	if (partition === undefined || partition >= count)
		return `names a partition that ${source} does not have`;
	return undefined;
}

const increment = (counts: Map<string, number>, key: string): void => {
	counts.set(key, (counts.get(key) ?? 0) + 1);
};
