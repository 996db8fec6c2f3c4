/**
 * A second engine beside the first, on the same ticks: which parts it adds to the local system, and which settings they get.
 *
 * It reads the topic of the ticks as the first does, in a group of its own, and writes topics of its own: their names are the first's with
 * `-<engine>`. The transactional ids follow from the output topic, so the two never fence each other.
 */
import {
	type Environment,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "./exit-codes.ts";
import type { AllSettings } from "./local-settings.ts";
import type { ComparePartName } from "./part-names.ts";

const NAMES_BY_ENGINE = [
	"topicWiener",
	"topicProcessorChangelog",
	"topicDeadLetter",
	"processorGroup",
] as const satisfies readonly SettingName[];

/** None where nothing is compared. */
export const comparePartNames = ({
	compareEngine,
}: Pick<AllSettings, "compareEngine">): ComparePartName[] =>
	compareEngine === ""
		? []
		: ([
				`processor-${compareEngine}`,
				`middleware-${compareEngine}`,
			] as ComparePartName[]);

/** The variables that differ from the first engine's. Empty where nothing is compared. */
export function compareVariables(settings: AllSettings): Environment {
	const engine = settings.compareEngine;
	if (engine === "") return {};
	const values: Partial<Record<SettingName, string>> = {
		engine,
		middlewareEngine: engine,
		// Its own Wiener records, whatever the first middleware shows.
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

/** Throws CliError (usage) where the second engine is the first, or the target is not of this machine. */
export function checkCompare(
	target: string,
	engine: string,
	compareEngine: string,
): void {
	if (compareEngine === "") return;
	const usage = (message: string) => new CliError(CLI_EXIT.usage, message);
	if (target !== "local")
		throw usage(
			"--compare is for `--target local`. Elsewhere FIREWORKS_DASHBOARD_COMPARE_WEBSOCKET_URL tells the page of a second engine's middleware.",
		);
	if (compareEngine === engine)
		throw usage(
			`The engine to compare with is the engine itself: ${engine}. Say another one.`,
		);
}
