/** How far a stage is: its positions, what lies before them, its states, who runs it. */
import { positionSchema, STATE_PREFIX } from "@fireworks/contracts";
import type { OffsetRange } from "@fireworks/streams";
import type { GroupDescription } from "@fireworks/streams/admin";
import type { Kafka } from "../kafka.ts";
import { readRanges } from "../read-range.ts";
import { changelogTails } from "./changelog-tail.ts";
import type { KnownStage } from "./known-stage.ts";

export interface StageFacts {
	readonly stage: KnownStage;
	/** Of the first input; 0: it does not exist. */
	readonly partitions: number;
	/** The next offset of each input in each partition; null: nothing was processed yet. */
	readonly positions: readonly {
		readonly topic: string;
		readonly partition: number;
		readonly next: number | null;
		readonly end: number;
	}[];
	/** Records that were not processed yet. null: it has no input. */
	readonly lag: Bounded | null;
	/** Keys with a state. null: there is no changelog. */
	readonly states: Bounded | null;
	readonly members: readonly string[];
}

/** exact: false: the number is an upper bound. */
export interface Bounded {
	readonly count: number;
	readonly exact: boolean;
}

/** A changelog with more offsets is not read through. */
const STATES_READ_MAX = 100_000;
/** A longer backlog is given in offsets: ends of transactions count too. */
const LAG_READ_MAX = 1_000;

export async function stageFacts(
	kafka: Kafka,
	stages: readonly KnownStage[],
): Promise<StageFacts[]> {
	const held = new Map<string, readonly OffsetRange[]>();
	for (const topic of new Set(
		stages.flatMap((s) => [...s.inputs, s.changelog]),
	))
		if (kafka.topics.has(topic))
			held.set(topic, (await kafka.admin.offsets(topic)) ?? []);
	const changelogs = new Map(
		stages.flatMap(({ kind, changelog }) => {
			const ranges = held.get(changelog);
			return kind === "stage" && ranges !== undefined
				? [[changelog, ranges] as const]
				: [];
		}),
	);
	const tails = await changelogTails(kafka, changelogs);
	const groups = new Map(
		(
			await kafka.admin.groups([
				...new Set(stages.flatMap(({ group }) => group || [])),
			])
		).map((group) => [group.id, group]),
	);
	return Promise.all(
		stages.map((stage) =>
			factsOf(
				kafka,
				stage,
				held,
				tails.get(stage.changelog) ?? new Map(),
				groups.get(stage.group),
			),
		),
	);
}

async function factsOf(
	{ admin }: Kafka,
	stage: KnownStage,
	held: ReadonlyMap<string, readonly OffsetRange[]>,
	positions: ReadonlyMap<number, unknown>,
	group: GroupDescription | undefined,
): Promise<StageFacts> {
	const places = stage.inputs.flatMap((topic, i) =>
		(held.get(topic) ?? []).map(({ partition, low, high }) => {
			const position = positionSchema.safeParse(positions.get(partition)).data;
			const text = i === 0 ? position?.next : position?.inputs?.[topic];
			const next = text === undefined ? null : Number(text);
			return { topic, partition, next, low, end: high };
		}),
	);
	const changelog = held.get(stage.changelog);
	return {
		stage,
		partitions: held.get(stage.inputs[0] ?? "")?.length ?? 0,
		positions: places.map(({ low: _, ...place }) => place),
		lag:
			stage.inputs.length === 0
				? null
				: await lagOf(
						admin,
						places.map(({ topic, partition, next, low, end }) => ({
							...{ topic, partition, end },
							from: Math.max(low, next ?? low),
						})),
					),
		states:
			stage.kind !== "stage" || changelog === undefined
				? null
				: await statesOf(admin, stage.changelog, changelog),
		members: (group?.members ?? []).map(({ host }) => host),
	};
}

async function lagOf(
	admin: Kafka["admin"],
	ranges: Parameters<typeof readRanges>[1],
): Promise<Bounded> {
	const offsets = ranges.reduce(
		(sum, { from, end }) => sum + Math.max(0, end - from),
		0,
	);
	if (offsets > LAG_READ_MAX) return { count: offsets, exact: false };
	let count = 0;
	for await (const records of readRanges(admin, ranges))
		count += records.length;
	return { count, exact: true };
}

async function statesOf(
	admin: Kafka["admin"],
	topic: string,
	ranges: readonly OffsetRange[],
): Promise<Bounded> {
	const offsets = ranges.reduce((sum, { low, high }) => sum + high - low, 0);
	if (offsets > STATES_READ_MAX) return { count: offsets, exact: false };
	const keys = new Set<string>();
	const all = ranges.map(({ partition, low, high }) => ({
		...{ topic, partition },
		...{ from: low, end: high },
	}));
	for await (const records of readRanges(admin, all))
		for (const { key, value } of records) {
			const text = String(key);
			if (!text.startsWith(STATE_PREFIX)) continue;
			if (value === null) keys.delete(text);
			else keys.add(text);
		}
	return { count: keys.size, exact: true };
}
