/**
 * Helm values from the person's own FIREWORKS_* variables, so that `FIREWORKS_METRONOME_DEVICES=50 fireworks up --target kind` means what it means
 * locally. Only what was set is passed: everything else stays as the chart and the person's values files have it.
 *
 * What the chart's own schema takes as a variable goes there; what it takes as a value is in PLACES; the rest (ports, folders, names of targets) is of
 * this machine, and nothing for a pod.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type SettingName, variableOf } from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { AllSettings } from "../local-settings.ts";
import { CHART } from "./release.ts";

const PLACES: Partial<Record<SettingName, string>> = {
	stopGraceMs: "stopGraceMs",
	engine: "processor.engine",
	metronomeDevices: "metronome.devices",
	middlewareOrigins: "middleware.origins",
	middlewareProxyHops: "middleware.proxyHops",
	middlewareBearerToken: "middleware.auth.bearerToken",
	middlewareTicketSecret: "middleware.auth.ticketSecret",
	dashboardWebsocketUrl: "dashboard.websocketUrl",
	kafkaHeapMb: "kafka.heapMb",
};

export type Values = { [key: string]: unknown };

/** The variables that the chart's `config` takes. */
function configVariables(): ReadonlySet<string> {
	const file = join(CHART, "values.schema.json");
	const { properties } = JSON.parse(readFileSync(file, "utf8"));
	return new Set(Object.keys(properties.config.properties));
}

export interface ValuesInput {
	settings: AllSettings;
	/** The names of the settings that were set. */
	set: readonly SettingName[];
	/** References of images by part (and `cli`), where they were built here. */
	images?: ReadonlyMap<string, string>;
	/** Content of metronomeDevicesFile. */
	devices?: unknown;
	/** The page's address and the websocket's, where they are not the chart's defaults. */
	addresses?: { origins: string[]; websocketUrl: string };
}

/** Throws CliError (usage) for what was set and can only be said in a file of values. */
export function chartValues(input: ValuesInput): Values {
	const { settings, set, images, devices, addresses } = input;
	if (set.includes("brokers"))
		throw new CliError(
			CLI_EXIT.usage,
			"FIREWORKS_BROKERS is for the services themselves. An external Kafka of a cluster is named in the chart's values: `kafka.external` (brokers, tls, sasl) in a file of FIREWORKS_HELM_VALUES.",
		);
	const values: Values = {};
	const config = configVariables();
	for (const name of set) {
		const variable = variableOf(name);
		if (PLACES[name]) put(values, PLACES[name], settings[name]);
		// A ConfigMap holds texts.
		else if (config.has(variable))
			put(values, `config.${variable}`, text(settings[name]));
	}
	if (devices !== undefined) put(values, "metronome.devices", devices);
	if (addresses && !set.includes("middlewareOrigins"))
		put(values, "middleware.origins", addresses.origins);
	if (addresses && !set.includes("dashboardWebsocketUrl"))
		put(values, "dashboard.websocketUrl", addresses.websocketUrl);
	if (settings.kafkaImage !== "")
		put(values, "kafka.image", imageParts(settings.kafkaImage));
	for (const [part, ref] of images ?? []) put(values, `${part}.image`, ref);
	if (!images) {
		if (settings.imageRegistry !== "")
			put(values, "image.registry", settings.imageRegistry);
		if (settings.imageTag !== "") put(values, "image.tag", settings.imageTag);
	}
	return values;
}

/** registry/name:tag as the chart of Kafka has it: in two pieces. */
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
