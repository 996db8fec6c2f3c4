/** The hidden word `supervise`: its environment was checked and completed by the `up --detach` that started it. */
import { findJava } from "@fireworks/local-kafka";
import type { CliExit } from "../exit-codes.ts";
import { ownVariables, parseAll, stateFolderOf } from "../local-settings.ts";
import { runDetached } from "./detached.ts";

export async function superviseCommand(timeoutMs: number): Promise<CliExit> {
	const env = process.env;
	return runDetached(
		{
			env,
			variables: ownVariables(env),
			settings: parseAll(env),
			folder: stateFolderOf(env),
			java: await findJava(),
		},
		timeoutMs,
	);
}
