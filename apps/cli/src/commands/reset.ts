/**
 * `fireworks reset STAGE`: with --key it clears the state of one key, with --from it makes the
 * whole stage process its input again. One of them must be given, so that a forgotten --key deletes
 * nothing.
 */
import type { Command } from "commander";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { checkReset } from "../local/reset.ts";
import { topicsTargetOf, type Where } from "./choose.ts";
import { assertTopicsHere } from "./topics-here.ts";

interface ResetFlags extends Where {
	key?: string;
	from?: string;
	downstream?: boolean;
	dryRun?: boolean;
	restart?: boolean;
}

/** Adds the arguments and options. done: receives the exit code. */
export const addReset = (command: Command, done: (exit: number) => void) =>
	command
		.argument("<stage>", "such as processor; `fireworks stages` lists them")
		.description(
			"with --key: clear the state of one key; with --from: delete what a stage wrote, and let it process its input again",
		)
		.option(
			"--key <key>",
			"the key, such as device-0001; its next record starts from the beginning (processor only)",
		)
		.option(
			"--from <where>",
			"where in its input the stage starts again: earliest, a time, or how long ago (12h)",
		)
		.option(
			"--downstream",
			"with --from: also reset the stages that read its output",
		)
		.option("--dry-run", "with --from: only say what would be deleted")
		.option(
			"--restart",
			"with --from: reset a stage that runs, and restart its part of the local system",
		)
		.action(async (stage: string, flags: ResetFlags) => {
			done(await reset(stage, flags));
		});

async function reset(stage: string, flags: ResetFlags): Promise<CliExit> {
	const { key, from, downstream, dryRun, restart } = flags;
	const whole = from ?? downstream ?? dryRun ?? restart;
	if (key !== undefined && whole !== undefined)
		throw new CliError(
			CLI_EXIT.usage,
			"--key resets one key, and --from, --downstream, --dry-run and --restart are about the whole stage: give one or the other.",
		);
	if (key !== undefined) {
		checkReset(stage, key);
		return topicsTargetOf(flags).reset({ stage, key });
	}
	if (from === undefined)
		throw new CliError(
			CLI_EXIT.usage,
			`What is to be reset? \`fireworks reset ${stage} --key KEY\` clears the state of one key; \`fireworks reset ${stage} --from earliest\` deletes what the stage wrote, and lets it process its whole input again.`,
		);
	const { parseRestart } = await import("../streams/from.ts");
	const start = parseRestart(from);
	assertTopicsHere("reset --from", `reset ${stage} --from ${from}`, flags);
	const { resetStage } = await import("../streams/reset/reset-stage.ts");
	return resetStage({
		stage,
		from: start,
		downstream: downstream === true,
		dryRun: dryRun === true,
		restart: restart === true,
	});
}
