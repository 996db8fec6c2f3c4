/** `fireworks dead-letters show PARTITION/OFFSET`: one letter with its headers and bytes. */
import { isUtf8 } from "node:buffer";
import { CLI_EXIT, CliError, type CliExit } from "../../exit-codes.ts";
import { assertTopic, type Kafka, withKafka } from "../kafka.ts";
import { readRanges } from "../read-range.ts";
import { bytesJson, bytesText, cutText, safe, timeText } from "../text.ts";
import { type Letter, letterOf } from "./letter.ts";

const SHOWN_CHARACTERS_MAX = 64 * 1024;
const HEADER_CHARACTERS_MAX = 2_000;

export interface LetterPlace {
	readonly partition: number;
	readonly offset: number;
}

/** Throws CliError (usage). */
export function parsePlace(text: string): LetterPlace {
	const match = /^(\d{1,6})\/(\d{1,15})$/.exec(text);
	if (match !== null)
		return { partition: Number(match[1]), offset: Number(match[2]) };
	throw new CliError(
		CLI_EXIT.usage,
		`"${text}" names no dead letter: write PARTITION/OFFSET, such as 0/17, as \`dead-letters list\` shows it.`,
	);
}

export const showLetter = (
	place: LetterPlace,
	{ json }: { json: boolean },
): Promise<CliExit> =>
	withKafka("dead-letters", "dead-letters show 0/17", async (kafka) => {
		const letter = await letterAt(kafka, place);
		if (json) console.log(JSON.stringify(letterJson(letter)));
		else for (const line of letterLines(letter)) console.log(line);
		return CLI_EXIT.ok;
	});

async function letterAt(
	kafka: Kafka,
	{ partition, offset }: LetterPlace,
): Promise<Letter> {
	const topic = kafka.settings.topicDeadLetter;
	assertTopic(kafka, topic);
	const ranges = (await kafka.admin.offsets(topic)) ?? [];
	const range = ranges.find((one) => one.partition === partition);
	if (range === undefined)
		throw new CliError(
			CLI_EXIT.failure,
			`${topic} has the partitions 0 to ${ranges.length - 1}, not ${partition}.`,
		);
	const { low, high } = range;
	if (offset >= low && offset < high)
		for await (const [record] of readRanges(kafka.admin, [
			{ topic, partition, from: offset, end: offset + 1 },
		]))
			if (record !== undefined) return letterOf(record);
	throw new CliError(
		CLI_EXIT.failure,
		offset < high && offset >= low
			? `${topic}/${partition} has no record at offset ${offset}: the end of a transaction takes an offset too.`
			: low === high
				? `${topic}/${partition} is empty.`
				: `${topic}/${partition} holds the offsets ${low} to ${high - 1}, not ${offset}.`,
	);
}

function letterLines(letter: Letter): string[] {
	const { record, code, message, source, partition, offset, stage } = letter;
	const { key, value, headers, timestamp, topic } = record;
	return [
		`${topic} ${record.partition}/${record.offset}, written ${timeText(timestamp)}`,
		`  code:     ${safe(code || "-")}`,
		`  message:  ${cutText(message || "-", HEADER_CHARACTERS_MAX)}`,
		`  source:   ${safe(source || "-")}${partition === undefined ? "" : ` ${partition}/${offset}`}`,
		`  stage:    ${safe(stage || "-")}`,
		"  headers:",
		...Object.entries(headers).map(
			([name, text]) =>
				`    ${safe(name)}: ${cutText(text, HEADER_CHARACTERS_MAX)}`,
		),
		`  key:      ${bytesText(key, SHOWN_CHARACTERS_MAX)}`,
		`  value:    ${sizeText(value)}`,
		`    ${bytesText(value, SHOWN_CHARACTERS_MAX)}`,
	];
}

const sizeText = (value: Buffer | null): string =>
	value === null
		? "none"
		: `${value.length} bytes${isUtf8(value) ? "" : ", not UTF-8"}`;

const letterJson = (letter: Letter) => {
	const { record, code, message, source, partition, offset, stage } = letter;
	return {
		topic: record.topic,
		partition: record.partition,
		offset: record.offset,
		timestamp: record.timestamp,
		...{ code, message, stage },
		source: {
			topic: source,
			partition: partition ?? null,
			offset: offset ?? null,
		},
		headers: record.headers,
		key: bytesJson(record.key),
		value: bytesJson(record.value),
	};
};
