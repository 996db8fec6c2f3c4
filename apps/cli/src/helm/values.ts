/**
 * Helm values from the person's own FIREWORKS_* variables, so that `FIREWORKS_METRONOME_DEVICES=50 fireworks up --target kind` means what it means
 * locally. Only what was set is passed: everything else stays as the chart and the person's values files have it.
 *
 * Total over the catalogue: a new setting must say here what becomes of it.
 */
import { type SettingName, variableOf } from "@fireworks/contracts";
import type { AllSettings } from "../local-settings.ts";

/** The place in the values; `config`: by its variable's name in that map; null: of this machine only, or the chart's own business. */
type Place = string | null;

const CHART: Partial<Record<SettingName, Place>> = {
	seed: "stream.seed",
	partitions: "stream.partitions",
	replicationFactor: "stream.replicationFactor",
	retentionMs: "stream.retentionMs",
	stopGraceMs: "stopGraceMs",
	engine: "processor.engine",
	metronomeDevices: "metronome.devices",
	middlewareOrigins: "middleware.origins",
	middlewareProxyHops: "middleware.proxyHops",
	middlewareBearerToken: "middleware.auth.bearerToken",
	middlewareTicketSecret: "middleware.auth.ticketSecret",
	dashboardWebsocketUrl: "dashboard.websocketUrl",
};

/** Where the processes of this machine listen, keep their data, or how the command works: nothing for a pod. */
const NOT_FOR_PODS: readonly SettingName[] = [
	"brokers",
	"host",
	"metronomePort",
	"processorPort",
	"middlewarePort",
	"dashboardPort",
	"stagePort",
	"kafkaPort",
	"kafkaHeapMb",
	"stateDir",
	"cacheDir",
	"mavenUrl",
	"target",
	"metronomeDevicesFile",
	"middlewareEngine",
	"kindCluster",
	"kindNodeImage",
	"kindNodes",
	"namespace",
	"release",
	"imageRegistry",
	"imageTag",
	"helmValues",
	"nodeImage",
	"kafkaImage",
	"devcontainer",
];

export type Values = { [key: string]: unknown };

const placeOf = (name: SettingName): Place => {
	if (NOT_FOR_PODS.includes(name) || name.startsWith("kafkaTls")) return null;
	return CHART[name] ?? `config.${variableOf(name)}`;
};

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

export function chartValues(input: ValuesInput): Values {
	const { settings, set, images, devices, addresses } = input;
	const values: Values = {};
	for (const name of set) {
		const place = placeOf(name);
		if (place === null) continue;
		const value = settings[name];
		// What goes to the ConfigMap is text.
		put(values, place, place.startsWith("config.") ? text(value) : value);
	}
	if (devices !== undefined) put(values, "metronome.devices", devices);
	if (addresses && !set.includes("middlewareOrigins"))
		put(values, "middleware.origins", addresses.origins);
	if (addresses && !set.includes("dashboardWebsocketUrl"))
		put(values, "dashboard.websocketUrl", addresses.websocketUrl);
	for (const [part, ref] of images ?? []) put(values, `${part}.image`, ref);
	if (!images) {
		if (settings.imageRegistry !== "")
			put(values, "image.registry", settings.imageRegistry);
		if (settings.imageTag !== "") put(values, "image.tag", settings.imageTag);
	}
	return values;
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
