/** The options that say where the system runs. */
import { variableOf } from "@fireworks/contracts";
import type { Command } from "commander";

/** Adds the options that name the target. */
export const onTarget = (command: Command): Command =>
	command
		.option(
			"--target <target>",
			"where the system runs: local, kind or cluster (default: where the last `up` started it)",
		)
		.option("--local", "short for --target local")
		.option(
			"--context <name>",
			"with --target cluster: the context in your kubeconfig; `up` and `down` require it",
		)
		.hook("preAction", (subcommand) => {
			const { local, target = "local" } = subcommand.opts();
			if (!local) return;
			if (target !== "local")
				subcommand.error(
					`error: --local and --target ${target} contradict each other`,
				);
			subcommand.setOptionValue("target", "local");
		});

/** For commands that work on topics from this machine (topics-here.ts). */
export const onTopicsHere = (command: Command): Command =>
	command
		.option("--local", "the local system, whatever the last `up` started")
		.hook("preAction", (subcommand) => {
			if (subcommand.opts().local) process.env[variableOf("target")] = "local";
		});
