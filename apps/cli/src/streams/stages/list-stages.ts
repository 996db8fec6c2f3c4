/** `fireworks stages`: every stage with its topics, how far it is, and who runs it. */
import { CLI_EXIT, type CliExit } from "../../exit-codes.ts";
import { table } from "../../ui/table.ts";
import { type Letter, letterOf } from "../dead-letters/letter.ts";
import { type Kafka, withKafka } from "../kafka.ts";
import { readRanges, wholeTopic } from "../read-range.ts";
import { safe } from "../text.ts";
import { findStages } from "./find-stages.ts";
import type { KnownStage } from "./known-stage.ts";
import { type Bounded, type StageFacts, stageFacts } from "./stage-facts.ts";

/** With more offsets in their topic, dead letters are not counted here. */
const LETTERS_READ_MAX = 50_000;
/** Positions of more partitions are only in the JSON. */
const POSITIONS_SHOWN_MAX = 8;

export type StageRow = StageFacts & { readonly deadLetters: number | null };

export const listStages = ({ json }: { json: boolean }): Promise<CliExit> =>
	withKafka("stages", "stages", async (kafka) => {
		const { stages, problems } = await findStages(kafka);
		const facts = await stageFacts(kafka, stages);
		const letters = await lettersOf(kafka);
		const rows = facts.map((row) => ({
			...row,
			deadLetters: letters === undefined ? null : letters(row.stage),
		}));
		if (json)
			console.log(JSON.stringify({ stages: rows.map(rowJson), problems }));
		else {
			for (const line of stageLines(rows)) console.log(line);
			for (const problem of problems) console.error(`! ${safe(problem)}`);
		}
		return CLI_EXIT.ok;
	});

/** Counts a stage's letters; undefined: there are too many to count them here. */
async function lettersOf(
	kafka: Kafka,
): Promise<((stage: KnownStage) => number) | undefined> {
	const topic = kafka.settings.topicDeadLetter;
	const ranges = kafka.topics.has(topic)
		? await wholeTopic(kafka.admin, topic)
		: [];
	const offsets = ranges.reduce((sum, { from, end }) => sum + end - from, 0);
	if (offsets > LETTERS_READ_MAX) return undefined;
	const counts = new Map<string, number>();
	for await (const records of readRanges(kafka.admin, ranges))
		for (const record of records) {
			const id = idOf(letterOf(record));
			counts.set(id, (counts.get(id) ?? 0) + 1);
		}
	// Engines other than packages/streams do not name the stage. Their letters count for the
	// built-in processor, by their source.
	return ({ name, from, inputs }) =>
		(counts.get(`stage:${name}`) ?? 0) +
		(from === "built in"
			? inputs.reduce((sum, one) => sum + (counts.get(`from:${one}`) ?? 0), 0)
			: 0) +
		(counts.get(`from:source:${name}`) ?? 0);
}

const idOf = ({ stage, source }: Letter): string =>
	stage === "" ? `from:${source}` : `stage:${stage}`;

export function stageLines(rows: readonly StageRow[]): string[] {
	const head = [
		"STAGE",
		"OF",
		"INPUT",
		"OUTPUT",
		"PARTITIONS",
		"LAG",
		"STATES",
		"MEMBERS",
		"DEAD LETTERS",
		"POSITION",
	];
	return [
		...table(
			[head, ...rows.map(cells)],
			process.stdout.columns || Number.POSITIVE_INFINITY,
		),
		"LAG: records not yet processed. STATES: keys with a state. <= is an upper bound. MEMBERS 0: nothing runs the stage.",
	];
}

const cells = (row: StageRow): string[] => {
	const { stage, partitions, lag, states, members, deadLetters } = row;
	return [
		stage.name,
		stage.from,
		stage.inputs.join(" ") || "-",
		[stage.output, ...stage.sideOutputs].join(" "),
		partitions === 0 ? "-" : String(partitions),
		bounded(lag),
		bounded(states),
		stage.kind === "stage" ? String(members.length) : "-",
		deadLetters === null ? "many" : String(deadLetters),
		positionText(row),
	].map(safe);
};

const bounded = (value: Bounded | null): string =>
	value === null ? "-" : `${value.exact ? "" : "<= "}${value.count}`;

function positionText({ positions }: StageRow): string {
	if (positions.length === 0) return "-";
	if (positions.length > POSITIONS_SHOWN_MAX)
		return `${positions.length} positions: --json`;
	return positions
		.map(({ partition, next }) => `${partition}:${next ?? "-"}`)
		.join(" ");
}

const rowJson = (row: StageRow) => {
	const { stage, partitions, positions, lag, states, members, deadLetters } =
		row;
	const { name, kind, from, inputs, output, sideOutputs, changelog, group } =
		stage;
	return {
		...{ name, kind, from, inputs, output, sideOutputs, changelog, group },
		...{ partitions, positions, lag, states, members, deadLetters },
	};
};
