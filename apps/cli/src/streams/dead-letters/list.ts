/** `fireworks dead-letters list`. */
import { CLI_EXIT, type CliExit } from "../../exit-codes.ts";
import { type Kafka, withKafka } from "../kafka.ts";
import { readRanges, wholeTopic } from "../read-range.ts";
import { groupLines, LetterGroups } from "./groups.ts";
import { type Letter, type LetterFilter, letterOf, matches } from "./letter.ts";

export const listLetters = (
	filter: LetterFilter & { json: boolean },
): Promise<CliExit> =>
	withKafka("dead-letters", "dead-letters list", async (kafka) => {
		const topic = kafka.settings.topicDeadLetter;
		const groups = new LetterGroups();
		for await (const letter of letters(kafka))
			if (matches(letter, filter)) groups.add(letter);
		if (filter.json)
			console.log(
				JSON.stringify({
					topic,
					total: groups.total,
					groups: groups.list(),
					others: groups.others,
				}),
			);
		else for (const line of groupLines(groups, topic)) console.log(line);
		return CLI_EXIT.ok;
	});

/** All letters that the topic holds now; none if there is no topic. */
export async function* letters({
	admin,
	settings,
	topics,
}: Pick<Kafka, "admin" | "settings" | "topics">): AsyncGenerator<Letter> {
	const topic = settings.topicDeadLetter;
	if (!topics.has(topic)) return;
	for await (const records of readRanges(admin, await wholeTopic(admin, topic)))
		for (const record of records) yield letterOf(record);
}
