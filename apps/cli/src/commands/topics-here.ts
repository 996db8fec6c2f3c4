/** For commands that read or write topics from this machine, and cannot look for brokers. */
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { targetName, type Where } from "./choose.ts";

/**
 * Throws CliError (usage) if the system runs on another target and no brokers were named. example:
 * the command as the user would type it.
 */
export function assertTopicsHere(
	command: string,
	example: string,
	where: Where = {},
): void {
	const target = targetName(where);
	if (target === "local" || process.env.FIREWORKS_BROKERS !== undefined) return;
	throw new CliError(
		CLI_EXIT.usage,
		`Fireworks runs on the target ${target}, and ${command} does not look for brokers there.\n  What to do: name them where they can be reached, which is the devcontainer for kind: \`FIREWORKS_BROKERS=fireworks-kafka.fireworks.svc.cluster.local:9092 fireworks ${example}\``,
	);
}
