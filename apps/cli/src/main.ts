#!/usr/bin/env node
/**
 * The `fireworks` command line: its subcommands and options. Most of them work on a target
 * (target.ts), which local/ or cluster/ implements. The exit codes are in exit-codes.ts.
 */
import {
	ignoredWarnings,
	SETTINGS,
	SettingsError,
	unknownVariables,
} from "@fireworks/contracts";
import { Command, CommanderError } from "commander";
import { collect, count, seconds } from "./commands/arguments.ts";
import {
	checkEngines,
	checkLake,
	lakeAsked,
	START_TIMEOUT_MS,
	targetName,
	targetOf,
	topicsTargetOf,
} from "./commands/choose.ts";
import { addLakeCommands } from "./commands/lake.ts";
import { onTarget } from "./commands/on-target.ts";
import { addPipelineCommands } from "./commands/pipelines.ts";
import { addReset } from "./commands/reset.ts";
import { addStreamCommands } from "./commands/streams.ts";
import { verifyStream } from "./commands/verify-stream.ts";
import { CLI_EXIT, CliError, type CliExit } from "./exit-codes.ts";
import { checkNamed, findPipelines } from "./local/pipelines/find.ts";
import { SUPERVISE } from "./local/start.ts";
import { supervise } from "./local/supervise.ts";
import { namedParts } from "./optional-parts.ts";
import { dropBuildSettings } from "./settings.ts";
import { systemFailure } from "./system-failure.ts";

dropBuildSettings(process.env);
let exit: number = CLI_EXIT.ok;
const done = (code: number): void => {
	exit = code;
};

// Variables with our prefix that are not settings are removed first. They may hold a secret, which
// no child process, pod or container should get.
const ignored = ignoredWarnings(Object.keys(process.env));
const { removed, foreign } = unknownVariables(Object.keys(process.env));
for (const name of [...removed, ...foreign]) delete process.env[name];

const program = new Command("fireworks")
	.description(
		"Runs streams of your own and a built-in example, exactly once, on a real Kafka.\nSettings are environment variables FIREWORKS_*; docs/operate/settings.md lists them.",
	)
	.exitOverride()
	.showHelpAfterError();

onTarget(program.command("up"))
	.description(
		"start the system, and show the address of its page; in the foreground, Ctrl-C stops it",
	)
	.option(
		"--engine <engine>",
		"what computes the processes: typescript, python or spark",
		process.env.FIREWORKS_ENGINE || SETTINGS.engine.default,
	)
	.option(
		"--compare <engine>",
		"with --target local: a second engine on the same ticks, next to the first on the page",
		process.env.FIREWORKS_COMPARE_ENGINE || SETTINGS.compareEngine.default,
	)
	.option(
		"--pipeline <name>",
		"also start this pipeline: locally, one that starts only if it is named; in a cluster, any; may be repeated, and is remembered until `down`",
		collect,
		[],
	)
	.option(
		"--ingest",
		"also start services/ingest, which takes records over HTTP; remembered until `down`",
	)
	.option(
		"--lake",
		"locally: also keep every stream in a table for `sql`; remembered until `down`",
	)
	.option(
		"-d, --detach",
		"return once the system is ready, and leave it running",
	)
	.option(
		"--timeout <seconds>",
		"how long the parts may take to start (default: 180 local, 600 kind, 900 cluster)",
		seconds,
	)
	.action(async (o) => {
		for (const warning of ignored) console.error(`! ${warning}`);
		const target = targetOf(o);
		const name = targetName(o);
		checkEngines(name, o.engine, o.compare);
		const lake = lakeAsked(o.lake === true, process.env);
		checkLake(name, lake);
		checkNamed(findPipelines(), o.pipeline);
		exit = await target.up({
			engine: o.engine,
			compare: o.compare,
			pipelines: o.pipeline,
			parts: namedParts(o),
			lake,
			detach: o.detach === true,
			timeoutMs: o.timeout ? o.timeout * 1_000 : START_TIMEOUT_MS[name],
		});
	});

onTarget(program.command("status"))
	.description(
		"show each part with its state, its process or pod, its ports, its restarts and its last error",
	)
	.option("--json", "print one JSON object, for programs")
	.action(async (o) => {
		exit = await targetOf(o).status({ json: o.json === true });
	});

onTarget(program.command("logs"))
	.argument(
		"[part]",
		"such as processor, kafka or a pipeline (default: all parts)",
	)
	.description("print the last lines of the logs")
	.option("-f, --follow", "keep printing new lines until Ctrl-C")
	.option("-n, --lines <n>", "how many lines of each log", count, 50)
	.action(async (part, o) => {
		exit = await targetOf(o).logs({
			part,
			follow: o.follow === true,
			lines: o.lines,
		});
	});

onTarget(program.command("restart"))
	.argument("<part>", "such as processor, kafka or a pipeline")
	.description(
		"stop one part in an orderly way, start it again, and wait until it is ready; data and state stay",
	)
	.option(
		"--timeout <seconds>",
		"how long the part may take to be ready (default: as for up)",
		seconds,
	)
	.action(async (part, o) => {
		exit = await targetOf(o).restart({
			part,
			timeoutMs: o.timeout
				? o.timeout * 1_000
				: START_TIMEOUT_MS[targetName(o)],
		});
	});

onTarget(program.command("doctor"))
	.description(
		"check everything that the system needs, and say how to fix each problem; exit code 1 if there is one",
	)
	.action(async (o) => {
		exit = await targetOf(o).doctor();
	});

onTarget(program.command("audit"))
	.description(
		"recompute every path from the topics; exit code 0: all correct, 1: findings, 2: no result",
	)
	.option("--json", "print one JSON object, for programs")
	.option("--compare", "audit the topics of the second engine (up --compare)")
	.option(
		"--lake",
		"audit the tables of the lake (up --lake), and compare them with the topics",
	)
	.action(async (o) => {
		exit = await topicsTargetOf(o).audit({
			json: o.json === true,
			compare: o.compare === true,
			lake: o.lake === true,
		});
	});

addReset(onTarget(program.command("reset")), done);

program
	.command("verify-stream")
	.description(
		"read a websocket and recompute its events; exit code 0: fresh and correct, 1: findings, 2: no result",
	)
	.requiredOption(
		"--url <url>",
		"the websocket, such as ws://localhost:8080/ws",
	)
	.option("--seconds <seconds>", "how long to read", seconds, 10)
	.option(
		"--max-age <seconds>",
		"how old the newest event may be, by its own time",
		seconds,
		10,
	)
	.option("--json", "print one JSON object, for programs")
	.action(async (o) => {
		exit = await verifyStream({
			url: o.url,
			readMs: o.seconds * 1_000,
			ageMaxMs: o.maxAge * 1_000,
			json: o.json === true,
		});
	});

addPipelineCommands(program, done);

addStreamCommands(program, done);

addLakeCommands(program, done);

onTarget(program.command("down"))
	.description(
		"stop every part in order; with --target kind, also remove the cluster that `up` created",
	)
	.option(
		"--purge",
		"also remove Kafka's data, the lake's tables, the logs and the state; with --target kind, the images built here",
	)
	.action(async (o) => {
		exit = await targetOf(o).down({ purge: o.purge === true });
	});

program
	.command(SUPERVISE, { hidden: true })
	.requiredOption("--timeout <seconds>", "of the start", seconds)
	.option("--pipeline <name>", "", collect, [])
	.action(async (o) => {
		exit = await supervise({
			timeoutMs: o.timeout * 1_000,
			pipelines: o.pipeline,
		});
	});

/** The reader of our output may end before us (`fireworks logs | head`). That is not a failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") process.exit(CLI_EXIT.ok);
	throw error;
});

try {
	await program.parseAsync();
} catch (error) {
	exit = explain(error);
}
process.exit(exit);

function explain(error: unknown): CliExit {
	// Commander has already printed what is wrong. Help and version also arrive here, with exit
	// code 0.
	if (error instanceof CommanderError)
		return error.exitCode === 0 ? CLI_EXIT.ok : CLI_EXIT.usage;
	if (error instanceof CliError) {
		console.error(error.message);
		return error.exitCode;
	}
	if (error instanceof SettingsError) {
		console.error(error.message);
		return CLI_EXIT.config;
	}
	const system = systemFailure(error);
	console.error(system ?? error);
	return CLI_EXIT.failure;
}
