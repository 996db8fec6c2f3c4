/** The command line of ingest: options, messages, exit codes. */
import {
	EXIT,
	KAFKA_SETTINGS,
	parseSettings,
	SettingsError,
	TOPIC_SETTINGS,
} from "@fireworks/contracts";
import {
	DefinitionError,
	EPOCH_UNITS,
	IncompatibleError,
} from "@fireworks/pipeline";
import { openLog, StreamsError } from "@fireworks/streams";
import { Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "./errors.ts";
import { TYPE_NAMES, type TypeName } from "./infer/columns.ts";
import { DATE_ORDERS } from "./infer/text-time.ts";
import { type IngestOptions, ingest } from "./ingest.ts";
import type { FileProgress } from "./write/position.ts";

interface Flags
	extends Omit<IngestOptions, "types" | "missing" | "measures" | "shiftToNow"> {
	type?: string[];
	missing?: string[];
	measure?: string[];
	shift?: "now";
}

const ingestCommand = (): Command =>
	new Command("ingest")
		.description(
			"Write the rows of a CSV, NDJSON or Parquet file to a stream, exactly once",
		)
		.argument("<file>", "the file; its extension says what it is")
		.requiredOption(
			"--stream <name>",
			"the stream to write; it is made if it does not exist",
		)
		.option(
			"--key <column>",
			"the column of the key; without it the records have none",
		)
		.option(
			"--time <column>",
			"the column of the time; DATE+CLOCK for two; @timestamp for the time of writing",
		)
		.addOption(
			new Option("--unit <unit>", "unit of a time in numbers").choices(
				EPOCH_UNITS,
			),
		)
		.addOption(
			new Option(
				"--date-order <order>",
				"order of day, month and year",
			).choices(DATE_ORDERS),
		)
		.option(
			"--zone <name>",
			"zone of times without an offset, such as Europe/Berlin (default: UTC)",
		)
		.addOption(
			new Option(
				"--fold <rule>",
				"for times that occur twice because clocks were set back",
			).choices(["refuse", "earlier", "later"]),
		)
		.addOption(
			new Option("--gap <rule>", "for times that clocks skipped").choices([
				"refuse",
				"shift",
			]),
		)
		.option(
			"--measure <column>",
			"a column to draw; repeat it (default: every number)",
			collect,
		)
		.option(
			"--type <column=type>",
			`the type of a column: ${TYPE_NAMES.join(", ")}; repeat it`,
			collect,
		)
		.option(
			"--missing <text>",
			"a text that means that there is no value; COLUMN=TEXT for one column; repeat it",
			collect,
		)
		.addOption(
			new Option("--decimal <sign>", "the decimal sign").choices([".", ","]),
		)
		.addOption(
			new Option("--format <format>", "the file's format").choices([
				"csv",
				"ndjson",
				"parquet",
			]),
		)
		.option("--delimiter <sign>", "what separates the cells of a CSV file")
		.option("--header", "the first row of a CSV file holds the names")
		.option("--no-header", "it does not")
		.option("--rate <rows>", "rows a second, such as 500/s", rateOf)
		.option(
			"--speed <factor>",
			"play the file's own time, such as 60x",
			speedOf,
		)
		.addOption(
			new Option(
				"--shift <when>",
				"move the times so that the first row is now",
			).choices(["now"]),
		)
		.option(
			"--again",
			"write the file from its beginning, though it was written before",
		)
		.option("--dry-run", "only show the columns and types that were found");

const collect = (value: string, before: string[] = []) => [...before, value];

function rateOf(text: string): number {
	const rate = Number(text.replace(/\/s$/, ""));
	if (rate > 0 && Number.isFinite(rate)) return rate;
	throw new InvalidArgumentError("a number of rows a second, such as 500/s");
}

function speedOf(text: string): number {
	const speed = Number(text.replace(/x$/, ""));
	if (speed > 0 && Number.isFinite(speed)) return speed;
	throw new InvalidArgumentError("a factor, such as 60x");
}

/** Runs the command; returns the exit code. */
export async function runIngest(args: readonly string[]): Promise<number> {
	const command = ingestCommand().exitOverride();
	try {
		command.parse(args, { from: "user" });
	} catch (error) {
		return (error as { exitCode: number }).exitCode === 0
			? EXIT.ok
			: EXIT.config;
	}
	const stop = new AbortController();
	const onSignal = () => stop.abort();
	process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
	try {
		return await run(
			command.args[0] as string,
			command.opts<Flags>(),
			stop.signal,
		);
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n`);
		return exitCodeOf(error);
	} finally {
		process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
	}
}

async function run(
	path: string,
	{ type, missing, measure, shift, ...flags }: Flags,
	signal: AbortSignal,
): Promise<number> {
	const settings = parseSettings(process.env, [
		...KAFKA_SETTINGS,
		...TOPIC_SETTINGS,
	]);
	const say = (line: string) => void process.stdout.write(`${line}\n`);
	const warn = (_fields: unknown, message?: string) =>
		void process.stderr.write(`${message ?? ""}\n`);
	const log = openLog({
		brokers: settings.brokers,
		security: settings,
		clientId: "fireworks-ingest",
		logger: { debug() {}, info() {}, warn() {}, error: warn },
	});
	const started = performance.now();
	try {
		const progress = await ingest(
			path,
			{
				...flags,
				types: typesOf(type),
				missing: missingOf(missing),
				measures: measure,
				shiftToNow: shift === "now",
			},
			{ log, settings, signal, say },
		);
		if (progress !== undefined)
			say(summary(path, progress, performance.now() - started));
		return progress?.done === false ? EXIT.failure : EXIT.ok;
	} finally {
		await log.close();
	}
}

function typesOf(pairs: readonly string[] = []): Map<string, TypeName> {
	return new Map(
		pairs.map((pair) => {
			const at = pair.lastIndexOf("=");
			const type = pair.slice(at + 1) as TypeName;
			if (at < 1 || !TYPE_NAMES.includes(type))
				throw new InputError(
					`--type ${pair}: write COLUMN=TYPE, with a type of ${TYPE_NAMES.join(", ")}`,
				);
			return [pair.slice(0, at), type];
		}),
	);
}

/** The texts by column; "" stands for all columns. */
function missingOf(texts: readonly string[] = []): Map<string, Set<string>> {
	const all = new Map<string, Set<string>>();
	for (const text of texts) {
		const at = text.indexOf("=");
		const column = at < 0 ? "" : text.slice(0, at);
		const set = all.get(column) ?? new Set();
		all.set(column, set.add(text.slice(at + 1)));
	}
	return all;
}

/** The line that a program can rely on: read, written, refused, and why. */
function summary(path: string, progress: FileProgress, ms: number): string {
	const { rows, written, refused, done } = progress;
	const reasons = Object.entries(refused);
	const total = reasons.reduce((sum, [, count]) => sum + count, 0);
	const why =
		total === 0
			? ""
			: ` (${reasons.map(([code, count]) => `${code} ${count}`).join(", ")}; each is in the dead letters with its line)`;
	return `${path}: ${rows} rows read, ${written} written, ${total} refused${why}; ${(ms / 1_000).toFixed(1)} s${done ? "" : "\nstopped before the end: the same command goes on from here"}`;
}

function exitCodeOf(error: unknown): number {
	if (error instanceof StreamsError)
		return error.code === "fenced"
			? EXIT.fenced
			: error.fatal
				? EXIT.config
				: EXIT.failure;
	const wrong =
		error instanceof InputError ||
		error instanceof SettingsError ||
		error instanceof DefinitionError ||
		error instanceof IncompatibleError;
	return wrong ? EXIT.config : EXIT.failure;
}
