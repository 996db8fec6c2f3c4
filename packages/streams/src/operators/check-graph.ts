/** What can be wrong with a graph of stages. Everything is found at once. */
import {
	type AnyOperator,
	readsOf,
	type Stream,
	writesOf,
} from "./operator.ts";
import { schemaProblems } from "./schema-fit.ts";

const NAME = /^[a-z0-9][a-z0-9._-]*$/i;

export function checkGraph(
	stages: readonly AnyOperator[],
	sources: readonly Stream<unknown>[],
	cycles: readonly string[],
): { problems: string[]; order: AnyOperator[] } {
	const problems: string[] = [];
	const writers = new Map<string, { by: string; stream: Stream<unknown> }>();
	for (const source of sources) {
		if (writers.has(source.name))
			problems.push(`the source ${source.name} is declared twice`);
		writers.set(source.name, { by: "a source", stream: source });
	}
	const stageNames = new Set<string>();
	for (const stage of stages) {
		if (stageNames.has(stage.name))
			problems.push(
				`two stages have the name ${stage.name}: they would share a changelog and a group`,
			);
		stageNames.add(stage.name);
		if (!NAME.test(stage.name))
			problems.push(
				`the stage name ${JSON.stringify(stage.name)} can only have letters, digits, dots, - and _`,
			);
		for (const stream of writesOf(stage)) {
			const other = writers.get(stream.name);
			if (other !== undefined)
				problems.push(
					`${stream.name} is written by ${stage.name} and by ${other.by}: write two streams and merge them`,
				);
			else writers.set(stream.name, { by: stage.name, stream });
		}
	}
	for (const stage of stages)
		for (const stream of readsOf(stage)) {
			const writer = writers.get(stream.name);
			if (writer === undefined)
				problems.push(
					`${stage.name} reads ${stream.name}, which no stage writes: declare it as a source, or correct the name`,
				);
			else
				problems.push(
					...schemaProblems(writer.stream.schema, stream.schema).map(
						(problem) =>
							`${stage.name} cannot read what ${writer.by} writes to ${stream.name}: ${problem}`,
					),
				);
		}
	const order = orderOf(stages, writers, cycles);
	const rest = stages.filter((stage) => !order.includes(stage));
	if (rest.length > 0)
		problems.push(
			`a cycle goes through ${rest.map(({ name }) => name).join(", ")}: name one of its streams in cycles if it is meant`,
		);
	return { problems, order };
}

/** Each stage after those it reads from; without the stages of undeclared cycles. */
function orderOf(
	stages: readonly AnyOperator[],
	writers: ReadonlyMap<string, { by: string }>,
	cycles: readonly string[],
): AnyOperator[] {
	const order: AnyOperator[] = [];
	const done = new Set<string>();
	const waits = (stage: AnyOperator) =>
		readsOf(stage).some(({ name }) => {
			const by = writers.get(name)?.by;
			return (
				by !== undefined &&
				by !== "a source" &&
				!cycles.includes(name) &&
				!done.has(by)
			);
		});
	for (;;) {
		const ready = stages.find(
			(stage) => !order.includes(stage) && !waits(stage),
		);
		if (ready === undefined) return order;
		order.push(ready);
		done.add(ready.name);
	}
}
