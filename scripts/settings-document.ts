/** docs/operate/settings.md, generated from the catalogue in packages/contracts. */
import {
	defaultText,
	REMOVED_SETTINGS,
	SETTINGS,
	type Setting,
	type SettingName,
	type SettingTier,
	variableOf,
} from "@fireworks/contracts";

/** The ten settings that users set most. */
const TEN: readonly SettingName[] = [
	"engine",
	"metronomeDevices",
	"metronomeIntervalMs",
	"partitions",
	"retentionMs",
	"seed",
	"brokers",
	"target",
	"dashboardPort",
	"logLevel",
];

const ALL = Object.keys(SETTINGS) as SettingName[];
const of = (name: SettingName) => SETTINGS[name] as Setting<string>;

export function settingsDocument(): string {
	const tier = (wanted: SettingTier) =>
		ALL.filter((name) => of(name).tier === wanted && !TEN.includes(name));
	return `# Settings

Settings are environment variables. They are the same for every part, and each part reads those it
needs. A part that gets a wrong value or a misspelt name stops at once and lists all problems. A
variable of another product with our prefix (FIREWORKS_API_KEY) causes a warning, and no part gets
it. So does a [setting of an earlier version](#no-longer-settings).

\`pnpm run docs\` generates this page from packages/contracts/src/settings. On Kubernetes, most
settings are values of the chart: see [values.md](values.md).

## The ten that people use

${table(TEN)}

## Common

${table(tier("common"))}

## Security

For a Kafka that requires TLS or credentials ([kafka-security.md](kafka-security.md)), and for a
middleware that others can reach ([protocol.md](../build/protocol.md)).

${table(tier("security"))}

## Tuning

Few systems need these: ports, names and folders, the sources of images, and values for tests.

${table(tier("tuning"))}

## No longer settings

A part that finds one of these variables starts, and logs a warning.

| variable | instead |
|---|---|
${Object.entries(REMOVED_SETTINGS)
	.map(([variable, instead]) => `| ${variable} | ${instead} |`)
	.join("\n")}
`;
}

const table = (names: readonly SettingName[]): string =>
	[
		"| variable | default | meaning |\n|---|---|---|",
		...names.flatMap((name) => rowOf(name)),
	].join("\n");

/** A secret and the file that may hold it share a row. */
function rowOf(name: SettingName): string[] {
	if (of(name).kind === "file" && secretOf(name)) return [];
	const file = `${name}File` as SettingName;
	const inFile =
		of(name).kind === "secret"
			? `. Or \`${variableOf(file)}\`: ${lowerFirst(of(file).about)}`
			: "";
	const text = defaultText(of(name));
	const fallback = text === "" ? "" : `\`${text}\``;
	const unit = of(name).unit ? ` ${of(name).unit}` : "";
	return [
		`| \`${variableOf(name)}\` | ${fallback}${unit} | ${of(name).about}${inFile} |`,
	];
}

const secretOf = (file: SettingName): boolean => {
	const secret = file.replace(/File$/, "") as SettingName;
	return secret !== file && SETTINGS[secret]?.kind === "secret";
};

const lowerFirst = (text: string) =>
	`${text.charAt(0).toLowerCase()}${text.slice(1)}`;
