/**
 * Makes Helm values from the user's own FIREWORKS_* variables, so `FIREWORKS_METRONOME_DEVICES=50
 * fireworks up --target kind` means the same as locally. Only variables that were set are passed.
 * Everything else stays as in the chart and the user's values files.
 *
 * Each setting says where the chart has it. The rest (ports, folders, names of targets) is about
 * this machine and has no meaning in a pod.
 */
import {
	SETTINGS,
	type Setting,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { optionalPartNames } from "../../local/part-names.ts";
import type { AllSettings } from "../../settings.ts";
import type { Values } from "./chart.ts";

export interface ValuesInput {
	settings: AllSettings;
	/** The names of the settings that were set. */
	set: readonly SettingName[];
	/** The pipelines to run. */
	pipelines?: readonly string[];
	/** Image references by part (and `cli`, and `pipelines`), if the images were built here. */
	images?: ReadonlyMap<string, string>;
	/** Content of metronomeDevicesFile. */
	devices?: unknown;
	/** Addresses of the page and the websocket, if they are not the chart's defaults. */
	addresses?: { origins: string[]; websocketUrl: string };
}

/** Throws CliError (usage) for a setting that can only be given in a values file. */
export function chartValues(input: ValuesInput): Values {
	const { settings, set, images, devices, addresses, pipelines = [] } = input;
	if (set.includes("brokers"))
		throw new CliError(
			CLI_EXIT.usage,
			"FIREWORKS_BROKERS is for the services themselves. An external Kafka of a cluster is named in the chart's values: `kafka.external` (brokers, tls, sasl) in a file of FIREWORKS_HELM_VALUES.",
		);
	const values: Values = {};
	for (const name of set) {
		const { chart } = SETTINGS[name] as Setting<string>;
		if (chart === undefined) continue;
		// A ConfigMap holds only strings.
		if (chart === "config")
			put(values, `config.${variableOf(name)}`, text(settings[name]));
		else if ("value" in chart) put(values, chart.value, settings[name]);
	}
	if (devices !== undefined) put(values, "metronome.devices", devices);
	if (addresses && !set.includes("middlewareOrigins"))
		put(values, "middleware.origins", addresses.origins);
	if (addresses && !set.includes("dashboardWebsocketUrl"))
		put(values, "dashboard.websocketUrl", addresses.websocketUrl);
	if (settings.kafkaImage !== "")
		put(values, "kafka.image", imageParts(settings.kafkaImage));
	for (const [part, ref] of images ?? [])
		put(
			values,
			`${part === "pipelines" ? "pipelineDefaults" : part}.image`,
			ref,
		);
	for (const part of optionalPartNames(settings))
		put(values, `${part}.enabled`, true);
	// What a values file says about a pipeline stays.
	for (const name of pipelines) put(values, `pipelines.${name}`, {});
	if (!images) {
		if (settings.imageRegistry !== "")
			put(values, "image.registry", settings.imageRegistry);
		if (settings.imageTag !== "") put(values, "image.tag", settings.imageTag);
	}
	return values;
}

/** Splits registry/name:tag into the two values of the chart's Kafka image. */
function imageParts(ref: string): { repository: string; tag: string } {
	const found = /^(.+):([^/:@]+)$/.exec(ref);
	if (found) return { repository: found[1] as string, tag: found[2] as string };
	throw new CliError(
		CLI_EXIT.config,
		`FIREWORKS_KAFKA_IMAGE=${ref}: an image with a tag was expected, such as apache/kafka:4.3.1.`,
	);
}

const text = (value: unknown): string =>
	Array.isArray(value) ? value.join(",") : String(value);

function put(values: Values, path: string, value: unknown): void {
	const keys = path.split(".");
	const last = keys.pop() ?? "";
	let at = values;
	for (const key of keys) {
		at[key] ??= {};
		at = at[key] as Values;
	}
	at[last] = value;
}
