#!/usr/bin/env node
/** The `fireworks` command: its words and options. What each does is in commands/; how it ends, in exit-codes.ts. */
import { SETTINGS, SettingsError } from "@fireworks/contracts";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { SUPERVISE } from "./commands/detached.ts";
import { superviseCommand } from "./commands/supervise.ts";
import { verifyStream } from "./commands/verify-stream.ts";
import { CLI_EXIT, CliError, type CliExit } from "./exit-codes.ts";
import {
	auditOn,
	doctorOn,
	downOn,
	logsOn,
	statusOn,
	upOn,
} from "./targets/words.ts";

let exit: CliExit = CLI_EXIT.ok;
const program = new Command("fireworks")
	.description(
		"Wiener processes of many devices as a live stream, exactly once, on a real Kafka.\nSettings are environment variables FIREWORKS_*; docs/settings.md lists them.",
	)
	.exitOverride()
	.showHelpAfterError();

/** Where a word works; none said: where the last `up` was. */
const somewhere = (command: Command): Command =>
	command
		.option("--target <target>", "local, kind or cluster")
		.option("--local", "the same as --target local")
		.option(
			"--context <name>",
			"of the kubeconfig, for --target cluster: none is ever guessed",
		)
		.hook("preAction", (word) => {
			const { local, target = "local" } = word.opts();
			if (!local) return;
			if (target !== "local")
				word.error(`error: --local and --target ${target} are two places`);
			word.setOptionValue("target", "local");
		});

somewhere(program.command("up"))
	.description("bring the system up; while it runs, say where the page is")
	.option(
		"--engine <engine>",
		"typescript, python or spark",
		process.env.FIREWORKS_ENGINE || SETTINGS.engine.standard,
	)
	.option(
		"--compare <engine>",
		"a second engine on the same ticks, side by side on the page; --target local",
		process.env.FIREWORKS_COMPARE_ENGINE || SETTINGS.compareEngine.standard,
	)
	.option("-d, --detach", "return once it is ready, and leave it running")
	.option(
		"--timeout <seconds>",
		"give the start of the parts up after so long",
		seconds,
	)
	.action(async (o) => {
		exit = await upOn({
			target: o.target,
			context: o.context,
			engine: o.engine,
			compare: o.compare,
			detach: o.detach === true,
			timeoutMs: o.timeout === undefined ? undefined : o.timeout * 1_000,
		});
	});

somewhere(program.command("status"))
	.description(
		"show the parts: state, pid or pod, ports, restarts, what is wrong",
	)
	.option("--json", "for programs")
	.action(async (o) => {
		exit = await statusOn(o, { json: o.json === true });
	});

somewhere(program.command("logs [part]"))
	.description("show the last lines of a part's log, or of all")
	.option("-f, --follow", "go on with what comes")
	.option("-n, --lines <n>", "how many lines", count, 50)
	.action(async (part, o) => {
		exit = await logsOn(o, {
			part,
			follow: o.follow === true,
			lines: o.lines,
		});
	});

somewhere(program.command("doctor"))
	.description(
		"look for what keeps the system from working, with a fix for each finding",
	)
	.action(async (o) => {
		exit = await doctorOn(o);
	});

somewhere(program.command("audit"))
	.description(
		"recompute every path from the topics: 0 clean, 1 findings (each named), 2 could not tell",
	)
	.option("--json", "for programs")
	.option("--compare", "the topics of the compared engine instead")
	.action(async (o) => {
		exit = await auditOn(o, {
			json: o.json === true,
			compare: o.compare === true,
		});
	});

program
	.command("verify-stream")
	.description(
		"read a websocket and recompute what it shows: 0 fresh and true, 1 findings, 2 could not tell",
	)
	.requiredOption("--url <url>", "such as ws://localhost:8080/ws")
	.option("--seconds <seconds>", "read for so long", seconds, 10)
	.option(
		"--max-age <seconds>",
		"of the newest event, by its own time",
		seconds,
		10,
	)
	.option("--json", "for programs")
	.action(async (o) => {
		exit = await verifyStream({
			url: o.url,
			readMs: o.seconds * 1_000,
			ageMaxMs: o.maxAge * 1_000,
			json: o.json === true,
		});
	});

somewhere(program.command("down"))
	.description(
		"stop everything, in order; kind: and remove the cluster that `up` made",
	)
	.option(
		"--purge",
		"also remove Kafka's data, the logs and the state; kind: the images built here",
	)
	.action(async (o) => {
		exit = await downOn(o, { purge: o.purge === true });
	});

program
	.command(SUPERVISE, { hidden: true })
	.requiredOption("--timeout <seconds>", "of the start", seconds)
	.action(async (o) => {
		exit = await superviseCommand(o.timeout * 1_000);
	});

function seconds(text: string): number {
	const value = Number(text);
	if (!(value > 0 && value <= 86_400))
		throw new InvalidArgumentError("a number of seconds above 0");
	return value;
}

function count(text: string): number {
	if (!/^\d{1,7}$/.test(text))
		throw new InvalidArgumentError("a number of lines");
	return Number(text);
}

/** A reader that goes away (`fireworks logs | head`) is no failure. */
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
	// Commander has said what is wrong; help and version are no errors.
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
	console.error(error);
	return CLI_EXIT.failure;
}
