/**
 * `fireworks dead-letters replay`: writes refused records back to their source topic.
 *
 * Each letter is written once, however often the command is run: the record and the mark that it
 * was replayed are in one transaction. All replays of a dead letters' topic have one transactional
 * identity, and read the marks after they have taken it. So of two that run at the same time, the
 * later one fences the earlier one and knows all that it wrote.
 */
import {
	type OutgoingRecord,
	StreamsError,
	type TransactionalProducer,
} from "@fireworks/streams";
import { CLI_EXIT, CliError, type CliExit } from "../../exit-codes.ts";
import { plural } from "../../ui/format.ts";
import { type Kafka, withKafka } from "../kafka.ts";
import { type Letter, type LetterFilter, placeOf } from "./letter.ts";
import { letters } from "./list.ts";
import { Originals } from "./original.ts";
import { planReplay, type ReplayPlan } from "./plan.ts";
import {
	createReplayed,
	type Replayed,
	readReplayed,
	replayedTopic,
} from "./replayed.ts";

export interface ReplayOptions extends LetterFilter {
	readonly limit: number;
	/** Also letters that were replayed before. */
	readonly again: boolean;
	readonly dryRun: boolean;
}

const TRANSACTION_TIMEOUT_MS = 30_000;
const TRANSACTION_RECORDS_MAX = 500;
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;

export const replayLetters = (options: ReplayOptions): Promise<CliExit> =>
	withKafka("dead-letters", "dead-letters replay", (kafka) =>
		options.dryRun ? dryRun(kafka, options) : replay(kafka, options),
	);

async function dryRun(kafka: Kafka, options: ReplayOptions): Promise<CliExit> {
	const replayed = kafka.topics.has(
		replayedTopic(kafka.settings.topicDeadLetter),
	)
		? await readReplayed(kafka)
		: undefined;
	const plan = await planReplay(
		kafka,
		options,
		options.limit,
		(place) => !options.again && replayed?.has(place) === true,
	);
	say(kafka, plan, "would be");
	return plan.chosen.size > 0 ? CLI_EXIT.ok : CLI_EXIT.failure;
}

async function replay(kafka: Kafka, options: ReplayOptions): Promise<CliExit> {
	if (!kafka.topics.has(kafka.settings.topicDeadLetter)) {
		console.log(
			`There is no topic ${kafka.settings.topicDeadLetter}: nothing was refused yet.`,
		);
		return CLI_EXIT.failure;
	}
	await createReplayed(kafka);
	const producer = kafka.log.transactionalProducer(
		`${kafka.settings.topicDeadLetter}-replay`,
		TRANSACTION_TIMEOUT_MS,
	);
	let written = 0;
	try {
		await producer.transact(new Map());
		const replayed = await readReplayed(kafka);
		const plan = await planReplay(
			kafka,
			options,
			options.limit,
			(place) => !options.again && replayed.has(place),
		);
		say(kafka, plan, "are");
		for await (const some of chunks(kafka, plan)) {
			await write(kafka, producer, replayed, some);
			written += some.length;
		}
	} catch (error) {
		const fenced = error instanceof StreamsError && error.code === "fenced";
		throw new CliError(
			CLI_EXIT.failure,
			`${fenced ? "Another replay has taken over" : `The replay ended: ${(error as Error).message}`}. ${plural(written, "letter")} written, perhaps more: run the command again, it writes only what is missing.`,
			{ cause: error },
		);
	} finally {
		await producer.close().catch(() => {});
	}
	if (written > 0) console.log(`${plural(written, "record")} written.`);
	return written > 0 ? CLI_EXIT.ok : CLI_EXIT.failure;
}

/** The chosen letters, in portions for one transaction each. */
async function* chunks(
	kafka: Kafka,
	{ chosen }: ReplayPlan,
): AsyncGenerator<Letter[]> {
	let some: Letter[] = [];
	let bytes = 0;
	let left = chosen.size;
	if (left === 0) return;
	for await (const letter of letters(kafka)) {
		if (!chosen.has(placeOf(letter))) continue;
		some.push(letter);
		left--;
		bytes += letter.record.value?.length ?? 0;
		const full =
			some.length >= TRANSACTION_RECORDS_MAX || bytes >= TRANSACTION_BYTES_MAX;
		if (full || left === 0) {
			yield some;
			some = [];
			bytes = 0;
		}
		if (left === 0) return;
	}
	if (some.length > 0) yield some;
}

async function write(
	kafka: Kafka,
	producer: TransactionalProducer,
	replayed: Replayed,
	some: readonly Letter[],
): Promise<void> {
	const originals = new Originals(kafka);
	const now = Date.now();
	const outgoing = new Map<string, OutgoingRecord[]>([
		[replayed.topic, replayed.removals(now)],
	]);
	for (const letter of some) {
		const records = outgoing.get(letter.source) ?? [];
		records.push(await originals.of(letter, now));
		outgoing.set(letter.source, records);
		outgoing.get(replayed.topic)?.push(replayed.mark(placeOf(letter), now));
	}
	await producer.transact(outgoing);
}

function say(
	{ settings }: Kafka,
	{ chosen, targets, left }: ReplayPlan,
	verb: string,
): void {
	console.log(
		chosen.size === 0
			? "No dead letter to replay."
			: `${plural(chosen.size, "dead letter")} ${verb} written back, with key, value and headers, to be processed again:`,
	);
	for (const [topic, count] of targets) console.log(`  ${topic}: ${count}`);
	for (const [why, count] of left) console.log(`  left out: ${count}, ${why}`);
	if (chosen.size > 0)
		console.log(
			"A record that the stage still refuses becomes a new dead letter: correct the cause first.",
		);
	if (targets.has(settings.topicMetronome))
		console.log(
			`! ${settings.topicMetronome} holds the clock's ticks, and their order matters: a tick of the past comes after newer ticks of its device, and is refused again. A device that is refused on every tick is repaired with \`fireworks reset processor --key DEVICE\`.`,
		);
}
