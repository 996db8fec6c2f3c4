/**
 * A second engine next to the first, on the same ticks: the parts that it adds to the local system,
 * and their settings.
 *
 * It reads the same topic of ticks in its own consumer group, and writes its own topics. Their
 * names are the first engine's with `-<engine>` added. The transactional ids follow from the output
 * topic, so the two engines never fence each other.
 */
import {
	type Environment,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { AllSettings } from "../settings.ts";

const NAMES_BY_ENGINE = [
	"topicWiener",
	"topicProcessorChangelog",
	"topicDeadLetter",
	"processorGroup",
] as const satisfies readonly SettingName[];

/** The variables that differ from the first engine's. Empty without a second engine. */
export function compareVariables(settings: AllSettings): Environment {
	const engine = settings.compareEngine;
	if (engine === "") return {};
	const values: Partial<Record<SettingName, string>> = {
		engine,
		// It always shows its own Wiener records, whatever the first middleware shows.
		middlewareTopic: "",
		processorPort: String(settings.compareProcessorPort),
		middlewarePort: String(settings.compareMiddlewarePort),
	};
	for (const name of NAMES_BY_ENGINE)
		values[name] = `${settings[name]}-${engine}`;
	return Object.fromEntries(
		Object.entries(values).map(([name, value]) => [
			variableOf(name as SettingName),
			value,
		]),
	);
}

/** Throws CliError (usage) if both engines are the same, or the target is not this machine. */
export function checkCompare(
	target: string,
	engine: string,
	compareEngine: string,
): void {
	if (compareEngine === "") return;
	const usage = (message: string) => new CliError(CLI_EXIT.usage, message);
	if (target !== "local")
		throw usage(
			"--compare is for `--target local`. Elsewhere FIREWORKS_DASHBOARD_COMPARE_MIDDLEWARE_URL names the middleware of a second engine for the page.",
		);
	if (compareEngine === engine)
		throw usage(
			`--compare ${engine} is the engine itself: choose another one.`,
		);
}
