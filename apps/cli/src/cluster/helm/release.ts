/**
 * The Helm release of the system. `helm` installs or upgrades it only if the chart or its values
 * have changed since.
 *
 * A digest of what was installed is kept in the release's description, in the cluster itself, so it
 * is right from every machine. If an interrupted helm left the release "pending", every upgrade is
 * rejected. Such a release is first rolled back or, at its first revision, uninstalled.
 */
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import {
	runTool,
	type ToolResult,
	toolFailed,
	tryTool,
} from "../../run-tool.ts";
import type { Access } from "../kube/client.ts";
import { CHART, digestOf, type Values } from "./chart.ts";

const STATUS_TIMEOUT_MS = 30_000;
/** For helm's work besides its own time-out for the pods. */
const UPGRADE_TIMEOUT_MS = 180_000;
const TEMPLATE_TIMEOUT_MS = 60_000;
/** Includes hooks and finalizers. */
const UNINSTALL_TIMEOUT_MS = 180_000;
/** A helm that is still running writes its release within this time. After that, it has died. */
const PENDING_MS = 300_000;

export interface ReleaseName {
	access: Access;
	namespace: string;
	release: string;
}

export interface ReleaseStatus {
	/** deployed, failed, pending-install, … */
	status: string;
	revision: number;
	/** Digest of what was installed; undefined if `up` did not install it. */
	digest: string | undefined;
	changedAt: number;
}

const where = ({ access, namespace }: ReleaseName): string[] => [
	...(access.kubeconfig ? ["--kubeconfig", access.kubeconfig] : []),
	"--kube-context",
	access.context,
	"--namespace",
	namespace,
];

/** undefined if nothing is installed. */
export async function releaseStatus(
	name: ReleaseName,
	signal?: AbortSignal,
): Promise<ReleaseStatus | undefined> {
	const run = { timeoutMs: STATUS_TIMEOUT_MS, ...(signal ? { signal } : {}) };
	const args = ["status", name.release, ...where(name), "--output", "json"];
	const result = await tryTool("helm", args, run);
	if (result.code !== 0) {
		if (/release: not found/.test(result.stderr)) return undefined;
		throw toolFailed("helm status", result, run);
	}
	const { info, version } = JSON.parse(result.stdout) as {
		info: { status: string; description?: string; last_deployed: string };
		version: number;
	};
	return {
		status: info.status,
		revision: version,
		digest: /^fireworks up ([0-9a-f]{12})$/.exec(info.description ?? "")?.[1],
		changedAt: Date.parse(info.last_deployed),
	};
}

/**
 * Renders the chart with these values, without a cluster. Throws CliError with helm's own message
 * if a file is invalid YAML or a value is wrong, so the user learns it before a cluster is made.
 */
export async function checkValues(
	{ namespace, release }: ReleaseName,
	valuesFiles: readonly string[],
	values: Values,
): Promise<void> {
	const files = valuesFiles.flatMap((file) => ["--values", file]);
	const args = ["template", release, CHART, "--namespace", namespace, ...files];
	const run = { timeoutMs: TEMPLATE_TIMEOUT_MS, input: JSON.stringify(values) };
	const result = await tryTool("helm", [...args, "--values", "-"], run);
	if (result.code === 0) return;
	const failed = toolFailed("helm template", result, run);
	throw new CliError(CLI_EXIT.config, failed.message, { cause: failed });
}

export interface Install {
	name: ReleaseName;
	/** Values files; later ones override earlier ones. */
	valuesFiles: readonly string[];
	/** Override all files. */
	values: Values;
	/** No other process works on the release: it is our own kind cluster, and we hold the lock. */
	alone: boolean;
	/** How long helm waits for the pods. */
	timeoutMs: number;
	say: (progress: string) => void;
}

/**
 * Installs or upgrades the release and waits until all of its pods are ready. Returns how helm
 * ended. When `stop` is aborted, helm marks the release as failed, and the next upgrade continues
 * from there.
 */
export function upgrade(
	{ name, valuesFiles, values, timeoutMs }: Install,
	stop: AbortSignal,
): Promise<ToolResult> {
	return tryTool(
		"helm",
		[
			"upgrade",
			"--install",
			name.release,
			CHART,
			...where(name),
			...valuesFiles.flatMap((file) => ["--values", file]),
			"--values",
			"-",
			"--description",
			`fireworks up ${digestOf(valuesFiles, values)}`,
			"--history-max",
			"5",
			"--wait",
			"--timeout",
			`${timeoutMs}ms`,
		],
		{
			timeoutMs: timeoutMs + UPGRADE_TIMEOUT_MS,
			input: JSON.stringify(values),
			signal: stop,
		},
	);
}

/** Whether the release has exactly this chart with these values. */
export const isCurrent = (
	{ valuesFiles, values }: Install,
	current: ReleaseStatus | undefined,
): current is ReleaseStatus =>
	current?.status === "deployed" &&
	current.digest === digestOf(valuesFiles, values);

/** Makes a release upgradable again that an interrupted helm left pending. */
export async function endPending(
	{ name, alone, say }: Install,
	current: ReleaseStatus | undefined,
): Promise<void> {
	if (!current?.status.startsWith("pending")) return;
	const { release } = name;
	if (!alone && Date.now() - current.changedAt < PENDING_MS)
		throw new CliError(
			CLI_EXIT.failure,
			`The release ${release} has just become "${current.status}": another helm is working on it.\n  What to do: wait until it has finished and try again; after 5 minutes it counts as abandoned.`,
		);
	say(`an interrupted helm left it "${current.status}"`);
	const run = { timeoutMs: UNINSTALL_TIMEOUT_MS };
	// The first revision cannot be rolled back, so it is uninstalled. Kafka's claims survive that.
	if (current.revision === 1)
		await runTool("helm", ["uninstall", release, ...where(name)], run);
	else await runTool("helm", ["rollback", release, ...where(name)], run);
}

/** The image that the release's values name for a part; undefined if they leave it to the chart. */
export async function releaseImage(
	name: ReleaseName,
	part: string,
): Promise<string | undefined> {
	const args = ["get", "values", name.release, ...where(name), "--all"];
	const out = await runTool("helm", [...args, "--output", "json"], {
		timeoutMs: STATUS_TIMEOUT_MS,
	});
	const values = JSON.parse(out) as Record<string, { image?: string } | null>;
	return values[part]?.image || undefined;
}

/** Returns false if there was no release. */
export async function uninstall(name: ReleaseName): Promise<boolean> {
	const run = { timeoutMs: UNINSTALL_TIMEOUT_MS };
	const args = ["uninstall", name.release, ...where(name), "--wait"];
	const result = await tryTool("helm", args, run);
	if (result.code === 0) return true;
	if (/not found/.test(result.stderr)) return false;
	throw toolFailed("helm uninstall", result, run);
}
