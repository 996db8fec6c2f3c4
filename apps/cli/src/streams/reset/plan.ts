/** What a reset of a stage will delete, and what has to be reset with it. */
import type { GroupDescription } from "@fireworks/streams/admin";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { plural } from "../../ui/format.ts";
import type { Kafka } from "../kafka.ts";
import type { KnownStage } from "../stages/known-stage.ts";

export interface ResetPlan {
	/** The stage, then those downstream of it that are reset too, each after what it reads. */
	readonly stages: readonly KnownStage[];
	/** Stages that read what will be deleted, and are not reset. */
	readonly broken: readonly KnownStage[];
	/** Topics to delete and create again, with about how many records they hold. */
	readonly topics: ReadonlyMap<string, number>;
	/** Members of the stages' groups, by the stage's name. */
	readonly running: ReadonlyMap<string, readonly string[]>;
}

/** Throws CliError if the stage cannot be reset. */
export async function planReset(
	kafka: Kafka,
	all: readonly KnownStage[],
	name: string,
	downstream: boolean,
): Promise<ResetPlan> {
	const stage = stageNamed(all, name);
	const readers = readersOf(all, stage);
	const stages = [stage, ...(downstream ? readers : [])];
	const topics = new Map<string, number>();
	for (const one of stages) {
		assertOnlyWriter(all, one);
		for (const topic of writtenBy(one)) {
			if (!kafka.topics.has(topic)) continue;
			const ranges = (await kafka.admin.offsets(topic)) ?? [];
			topics.set(
				topic,
				ranges.reduce((sum, { low, high }) => sum + high - low, 0),
			);
		}
	}
	if (topics.size === 0)
		throw new CliError(
			CLI_EXIT.failure,
			`${name} has no topics yet: there is nothing to reset.`,
		);
	return {
		stages,
		broken: downstream ? [] : readers.filter((one) => reads(one, stage)),
		topics,
		running: await runningOf(kafka, stages),
	};
}

export const writtenBy = (stage: KnownStage): readonly string[] => [
	stage.changelog,
	stage.output,
	...stage.sideOutputs,
];

function stageNamed(all: readonly KnownStage[], name: string): KnownStage {
	const stage = all.find((one) => one.name === name);
	if (stage?.kind === "stage" && stage.inputs.length === 0)
		throw new CliError(
			CLI_EXIT.failure,
			`The input of ${name} was deleted, and its name is not known any more: delete ${writtenBy(stage).join(" and ")} by hand, and start the stage.`,
		);
	if (stage?.kind === "stage") return stage;
	const names = all.filter(({ kind }) => kind === "stage").map((s) => s.name);
	throw new CliError(
		CLI_EXIT.usage,
		stage === undefined
			? `There is no stage "${name}": ${names.join(", ")}.`
			: `${name} has no input that could be processed again: it is ${stage.kind === "clock" ? "the clock" : "a source"}. Stages are: ${names.join(", ")}.`,
	);
}

const reads = (reader: KnownStage, writer: KnownStage): boolean =>
	[writer.output, ...writer.sideOutputs].some((topic) =>
		reader.inputs.includes(topic),
	);

/** All stages downstream, each after what it reads. */
function readersOf(
	all: readonly KnownStage[],
	stage: KnownStage,
): KnownStage[] {
	const found = [stage];
	for (const writer of found)
		for (const one of all)
			if (reads(one, writer) && !found.includes(one)) found.push(one);
	const readers = found.slice(1);
	// One that reads several of them must come after all of those.
	const depth = new Map(found.map((one) => [one, 0]));
	for (let round = 0; round < found.length; round++)
		for (const reader of readers)
			for (const writer of found)
				if (reader !== writer && reads(reader, writer))
					depth.set(
						reader,
						Math.min(
							found.length,
							Math.max(
								depth.get(reader) as number,
								(depth.get(writer) as number) + 1,
							),
						),
					);
	return readers.sort(
		(a, b) => (depth.get(a) as number) - (depth.get(b) as number),
	);
}

/** A topic of two writers cannot be deleted for one of them. */
function assertOnlyWriter(all: readonly KnownStage[], stage: KnownStage): void {
	const mine = writtenBy(stage);
	for (const other of all) {
		if (other === stage) continue;
		const shared = writtenBy(other).find((topic) => mine.includes(topic));
		if (shared === undefined) continue;
		throw new CliError(
			CLI_EXIT.failure,
			`${other.name} writes the topic ${shared} too, and its records would be lost: ${stage.name} cannot be reset alone.`,
		);
	}
}

/** Whom Kafka knows as members: of the stage's group, or of any group for the same output. */
async function runningOf(
	{ admin }: Kafka,
	stages: readonly KnownStage[],
): Promise<ReadonlyMap<string, readonly string[]>> {
	const groups = await admin.groups([...(await admin.groupIds())]);
	return new Map(
		stages.map((stage) => [
			stage.name,
			groups.flatMap((group) => membersOf(group, stage)),
		]),
	);
}

const membersOf = (
	{ id, members }: GroupDescription,
	{ group, output }: KnownStage,
): string[] =>
	members
		.filter(({ about }) => id === group || outputOf(about) === output)
		.map(({ host }) => host);

function outputOf(about: string): unknown {
	try {
		return (JSON.parse(about) as { output?: unknown }).output;
	} catch {
		return undefined;
	}
}

/** The plan as sentences. */
export function planLines(
	{ stages, broken, topics, running }: ResetPlan,
	from: string,
	deadLetter: string,
): string[] {
	const [stage] = stages as [KnownStage];
	return [
		`Reset of ${stage.name}, from ${from} of ${stage.inputs.join(" and ")}:`,
		...[...topics].map(
			([topic, count]) =>
				`  deleted and created again: ${topic} (${count === 0 ? "empty" : `at most ${plural(count, "record")}`})`,
		),
		...stages
			.slice(1)
			.map(({ name }) => `  downstream, reset from the beginning: ${name}`),
		...broken.map(
			({ name, inputs }) =>
				`  ! ${name} reads ${inputs.join(" and ")}: it will stop with input-mismatch until it is reset too (--downstream)`,
		),
		...[...running]
			.filter(([, members]) => members.length > 0)
			.map(
				([name, members]) =>
					`  ${name} runs now, on ${[...new Set(members)].join(", ")}`,
			),
		`  kept: the inputs, and ${deadLetter}; records that are refused again become further dead letters`,
	];
}
