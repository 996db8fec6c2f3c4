/** The chart, rendered by the real helm and parsed. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { helm, output } from "./tools.ts";

export const ROOT = join(import.meta.dirname, "..", "..", "..");
export const CHART = join(ROOT, "charts", "fireworks");
export const SUBCHART = join(CHART, "charts", "kafka");

/** A Kubernetes object, as far as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: rendered YAML; each test looks at what it asserts
export type Rendered = any;

const found = await helm();
/** Why there is no helm; undefined if there is one. */
export const withoutHelm = "missing" in found ? found.missing : undefined;
export const HELM = "path" in found ? found.path : "helm";

/** Realistic values, by name: the arguments for helm. */
export const SCENARIOS: Readonly<Record<string, string[]>> = {
	default: [],
	...Object.fromEntries(
		["kind", "eks", "gke"].map((name) => [
			name,
			["-f", join(CHART, `values-${name}.yaml`)],
		]),
	),
	...Object.fromEntries(
		readdirSync(join(import.meta.dirname, "..", "scenarios")).map((file) => [
			file.replace(".yaml", ""),
			["-f", join(import.meta.dirname, "..", "scenarios", file)],
		]),
	),
};

export const runHelm = (args: readonly string[], input?: string) =>
	output(HELM, args, input);

const rendered = new Map<string, string>();

/**
 * The output of `helm template` for a release "fireworks" in the namespace "fireworks". Each set of
 * arguments is rendered once.
 */
export function renderText(args: readonly string[] = []): string {
	const key = args.join(" ");
	const known = rendered.get(key);
	if (known !== undefined) return known;
	const result = tryRender(args);
	if (result.code !== 0) throw new Error(result.stderr);
	rendered.set(key, result.stdout);
	return result.stdout;
}

export const tryRender = (args: readonly string[], chart = CHART) =>
	runHelm([
		"template",
		"fireworks",
		chart,
		"--namespace",
		"fireworks",
		...args,
	]);

export const parseObjects = (text: string): Rendered[] =>
	parseAllDocuments(text)
		.map((document) => document.toJS() as Rendered)
		.filter((object) => object !== null);

export const render = (...args: string[]): Rendered[] =>
	parseObjects(renderText(args));

/** A --set option for each pair. */
export const set = (
	values: Readonly<Record<string, string | number | boolean>>,
) =>
	Object.entries(values).flatMap(([name, value]) => [
		"--set",
		`${name}=${value}`,
	]);

export const ofKind = (
	objects: readonly Rendered[],
	kind: string,
): Rendered[] => objects.filter((object) => object.kind === kind);

/** The single object of this kind and name. */
export function one(
	objects: readonly Rendered[],
	kind: string,
	name: string,
): Rendered {
	const matching = objects.filter(
		(object) => object.kind === kind && object.metadata.name === name,
	);
	if (matching.length !== 1)
		throw new Error(`${matching.length} of ${kind} ${name}`);
	return matching[0];
}

/** Everything that creates pods, by name, with the pod's metadata and spec. */
export const podsOf = (objects: readonly Rendered[]) =>
	objects
		.filter((o) => ["Deployment", "StatefulSet", "Pod"].includes(o.kind))
		.map((o) => ({
			name: `${o.kind}/${o.metadata.name}`,
			workload: o,
			metadata: o.kind === "Pod" ? o.metadata : o.spec.template.metadata,
			spec: o.kind === "Pod" ? o.spec : o.spec.template.spec,
		}));
