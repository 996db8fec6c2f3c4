/** The parts of the local system and the settings of their ports. */
import type { SettingName } from "@fireworks/contracts";
import type { AllSettings } from "../settings.ts";

/**
 * In the order in which they are started and shown. They are stopped in the reverse order. The
 * pipelines come after them, each under its own name.
 */
export const PART_NAMES = [
	"kafka",
	"metronome",
	"processor",
	"middleware",
	"dashboard",
] as const;

export type PartName = (typeof PART_NAMES)[number];

/**
 * The parts that `up` starts only if it is asked for them, each with the setting that asks. They
 * come after the five parts, which do not need them.
 */
export const OPTIONAL_PARTS = {
	ingest: "ingest",
} as const satisfies Record<string, SettingName>;

export type OptionalPartName = keyof typeof OPTIONAL_PARTS;

export const OPTIONAL_PART_NAMES = Object.keys(
	OPTIONAL_PARTS,
) as OptionalPartName[];

/**
 * The parts that a second engine adds to the local system: its processor and its middleware. They
 * are started last and stopped first.
 */
const COMPARE_PART_NAMES = [
	"processor-typescript",
	"middleware-typescript",
	"processor-python",
	"middleware-python",
	"processor-spark",
	"middleware-spark",
] as const;

export type ComparePartName = (typeof COMPARE_PART_NAMES)[number];

/** The parts of the lake (`up --lake`): the writer of its tables, and the queries. */
const LAKE_PART_NAMES = ["lake", "lake-query"] as const;

export const LOCAL_PART_NAMES = [
	...PART_NAMES,
	...OPTIONAL_PART_NAMES,
	...COMPARE_PART_NAMES,
	...LAKE_PART_NAMES,
] as const;

export type LocalPartName = (typeof LOCAL_PART_NAMES)[number];

/** The optional parts that these settings ask for. */
export const optionalPartNames = (
	settings: Pick<AllSettings, (typeof OPTIONAL_PARTS)[OptionalPartName]>,
): OptionalPartName[] =>
	OPTIONAL_PART_NAMES.filter((name) => settings[OPTIONAL_PARTS[name]] === "on");

/** The parts that a second engine adds. Empty without one. */
export const comparePartNames = ({
	compareEngine,
}: Pick<AllSettings, "compareEngine">): ComparePartName[] =>
	compareEngine === ""
		? []
		: ([
				`processor-${compareEngine}`,
				`middleware-${compareEngine}`,
			] as ComparePartName[]);

/** The parts of the lake. Empty without one. */
export const lakePartNames = ({
	lake,
}: Pick<AllSettings, "lake">): readonly (typeof LAKE_PART_NAMES)[number][] =>
	lake === "on" ? LAKE_PART_NAMES : [];

export const PORT_SETTINGS = {
	kafka: "kafkaPort",
	metronome: "metronomePort",
	processor: "processorPort",
	middleware: "middlewarePort",
	dashboard: "dashboardPort",
	ingest: "ingestPort",
} as const satisfies Record<PartName | OptionalPartName, SettingName>;

/** The setting that chooses a part's port. */
export function portSettingOf(name: LocalPartName) {
	if (name in PORT_SETTINGS)
		return PORT_SETTINGS[name as PartName | OptionalPartName];
	if (name === "lake") return "lakePort";
	if (name === "lake-query") return "lakeQueryPort";
	return name.startsWith("processor-")
		? "compareProcessorPort"
		: "compareMiddlewarePort";
}

/** The parts of the local system with these settings. */
export const localPartNames = (settings: AllSettings): LocalPartName[] => [
	...PART_NAMES,
	...optionalPartNames(settings),
	...comparePartNames(settings),
	...lakePartNames(settings),
];
