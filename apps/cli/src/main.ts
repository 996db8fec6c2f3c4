#!/usr/bin/env node
/** The `fireworks` command: its words and options. What each does is in commands/; how it ends, in exit-codes.ts. */
import { SETTINGS } from "@fireworks/contracts";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { audit } from "./commands/audit.ts";
import { SUPERVISE } from "./commands/detached.ts";
import { doctor } from "./commands/doctor.ts";
import { down } from "./commands/down.ts";
import { logs } from "./commands/logs.ts";
import { status } from "./commands/status.ts";
import { superviseCommand } from "./commands/supervise.ts";
import { up } from "./commands/up.ts";
import { CLI_EXIT, CliError, type CliExit } from "./exit-codes.ts";

const START_TIMEOUT_S = 180;

let exit: CliExit = CLI_EXIT.ok;
const program = new Command("fireworks")
	.description(
		"Wiener processes of many devices as a live stream, exactly once, on a real Kafka.\nSettings are environment variables FIREWORKS_*; docs/settings.md lists them.",
	)
	.exitOverride()
	.showHelpAfterError();

program
	.command("up")
	.description("bring the system up; while it runs, say where the page is")
	.option(
		"--target <target>",
		"local, kind or cluster",
		process.env.FIREWORKS_TARGET || SETTINGS.target.standard,
	)
	.option("--local", "the same as --target local")
	.option(
		"--engine <engine>",
		"typescript, python or spark",
		process.env.FIREWORKS_ENGINE || SETTINGS.engine.standard,
	)
	.option("-d, --detach", "return once it is ready, and leave it running")
	.option(
		"--timeout <seconds>",
		"give the start up after so long",
		seconds,
		START_TIMEOUT_S,
	)
	.action(async (o) => {
		exit = await up({
			target: o.local ? "local" : o.target,
			engine: o.engine,
			detach: o.detach === true,
			timeoutMs: o.timeout * 1_000,
		});
	});

program
	.command("status")
	.description("show the parts: state, pid, ports, restarts, last error")
	.option("--json", "for programs")
	.action((o) => {
		exit = status({ json: o.json === true });
	});

program
	.command("logs [part]")
	.description("show the last lines of a part's log, or of all")
	.option("-f, --follow", "go on with what comes")
	.option("-n, --lines <n>", "how many lines", count, 50)
	.action(async (part, o) => {
		exit = await logs({ part, follow: o.follow === true, lines: o.lines });
	});

program
	.command("doctor")
	.description(
		"look for what keeps the system from working, with a fix for each finding",
	)
	.action(async () => {
		exit = await doctor();
	});

program
	.command("audit")
	.description(
		"recompute every path from the topics: 0 clean, 1 findings (each named), 2 could not tell",
	)
	.option("--json", "for programs")
	.action(async (o) => {
		exit = await audit({ json: o.json === true });
	});

program
	.command("down")
	.description("stop everything, in order")
	.option("--purge", "also remove Kafka's data, the logs and the state")
	.action(async (o) => {
		exit = await down({ purge: o.purge === true });
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
	console.error(error);
	return CLI_EXIT.failure;
}
