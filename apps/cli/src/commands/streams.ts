/**
 * The subcommands that look at streams and repair them. What they run is loaded when it is needed,
 * so that the other subcommands start as fast as before.
 */
import { type Command, InvalidArgumentError } from "commander";
import { onTopicsHere } from "./on-target.ts";

const LIMIT_MAX = 1_000_000_000;
const REPLAY_DEFAULT = 1_000;
const REPLAY_MAX = 100_000;

/** Adds the subcommands. done: receives the exit code. */
export function addStreamCommands(
	program: Command,
	done: (exit: number) => void,
): void {
	onTopicsHere(program.command("streams"))
		.description(
			"list the streams of the catalog: version, key, measures, records and newest time",
		)
		.option("--json", "print one JSON object, for programs")
		.action(async (o) => {
			const { listStreams } = await import("../streams/list-streams.ts");
			done(await listStreams({ json: o.json === true }));
		});

	onTopicsHere(program.command("tail"))
		.argument("<stream>", "a stream of the catalog, or any topic")
		.description(
			"print the records of a stream, and follow it until Ctrl-C; one line each: time, key, partition/offset, value",
		)
		.option("--key <key>", "only records with this key")
		.option(
			"--from <where>",
			"beginning, end, -N for the last N records, a time, or how long ago (15m); times are those of the records in Kafka",
			"-10",
		)
		.option("--limit <n>", "end after so many records", countOf("records"))
		.option("--json", "print one JSON object a line, for programs")
		.action(async (topic, o) => {
			const { tail } = await import("../streams/tail.ts");
			const { parseFrom } = await import("../streams/from.ts");
			done(
				await tail({
					topic,
					key: o.key,
					from: parseFrom(o.from),
					limit: o.limit,
					json: o.json === true,
				}),
			);
		});

	onTopicsHere(program.command("stages"))
		.description(
			"list every stage with its topics, position, lag, states and who runs it",
		)
		.option("--json", "print one JSON object, for programs")
		.action(async (o) => {
			const { listStages } = await import("../streams/stages/list-stages.ts");
			done(await listStages({ json: o.json === true }));
		});

	addDeadLetters(program, done);
}

function addDeadLetters(program: Command, done: (exit: number) => void): void {
	const command = program
		.command("dead-letters")
		.description(
			"records that were refused: list them, show one, write them back",
		);
	const filtered = (one: Command): Command =>
		one
			.option("--stage <stage>", "only what this stage refused")
			.option("--source <topic>", "only what comes from this topic")
			.option("--code <code>", "only with this error code");

	filtered(onTopicsHere(command.command("list")))
		.description("count them by stage, source and code, with an example")
		.option("--json", "print one JSON object, for programs")
		.action(async (o) => {
			const { listLetters } = await import("../streams/dead-letters/list.ts");
			done(await listLetters({ ...o, json: o.json === true }));
		});

	onTopicsHere(command.command("show"))
		.argument("<place>", "PARTITION/OFFSET, as list shows it")
		.description("show a dead letter with its headers and the source's bytes")
		.option("--json", "print one JSON object, for programs")
		.action(async (place, o) => {
			const { parsePlace, showLetter } = await import(
				"../streams/dead-letters/show.ts"
			);
			done(await showLetter(parsePlace(place), { json: o.json === true }));
		});

	filtered(onTopicsHere(command.command("replay")))
		.description(
			"write the source's records back to their topic to be processed again, each once, however often the command is run",
		)
		.option(
			"--limit <n>",
			"at most so many",
			countOf("dead letters", REPLAY_MAX),
			REPLAY_DEFAULT,
		)
		.option("--again", "also those that were replayed before")
		.option("--dry-run", "only say what would be written")
		.action(async (o) => {
			const { replayLetters } = await import(
				"../streams/dead-letters/replay.ts"
			);
			done(
				await replayLetters({
					...o,
					again: o.again === true,
					dryRun: o.dryRun === true,
				}),
			);
		});
}

const countOf =
	(what: string, max = LIMIT_MAX) =>
	(text: string): number => {
		const count = Number(text);
		if (/^\d{1,10}$/.test(text) && count >= 1 && count <= max) return count;
		throw new InvalidArgumentError(
			`It must be a number of ${what} from 1 to ${max}.`,
		);
	};
