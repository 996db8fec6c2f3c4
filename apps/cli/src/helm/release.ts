/**
 * The Helm release of the system: installed or upgraded by `helm`, and only where the chart or its values have changed since.
 *
 * What was installed is known by its digest, which is kept in the release's description, in the cluster itself: it is right whoever asks,
 * from whichever machine. A release that an interrupted helm left "pending" refuses every upgrade: what was pending is rolled over.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { Access } from "../kube/client.ts";
import { ROOT } from "../project.ts";
import { runTool, toolFailed, tryTool } from "../run-tool.ts";
import type { Values } from "./values.ts";

export const CHART = join(ROOT, "charts/fireworks");
const STATUS_TIMEOUT_MS = 30_000;
const UPGRADE_TIMEOUT_MS = 180_000;
/** Hooks and finalizers included. */
const UNINSTALL_TIMEOUT_MS = 180_000;
/** A helm that still works has written its release within this time, or has died. */
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
	/** Of what was installed; undefined where it was not `up`. */
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

/** undefined where nothing is installed. */
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

export interface Install {
	name: ReleaseName;
	/** Files of values, the later over the earlier. */
	valuesFiles: readonly string[];
	/** Over all files. */
	values: Values;
	/** Nobody else works on this release: it is our own kind cluster, and we hold the lock. */
	alone: boolean;
	say: (progress: string) => void;
}

/** Whether anything was changed. */
export async function ensureRelease(
	install: Install,
	current: ReleaseStatus | undefined,
): Promise<boolean> {
	const { name, valuesFiles, values, say } = install;
	const digest = digestOf(valuesFiles, values);
	if (current?.status === "deployed" && current.digest === digest) {
		say(`revision ${current.revision}, unchanged`);
		return false;
	}
	if (current?.status.startsWith("pending")) await endPending(install, current);
	say(current ? `upgrading revision ${current.revision}` : "installing");
	// Without --wait: the rollout is watched by kube/rollout.ts, which says more. Not interrupted: it takes seconds, and half of it helps nobody.
	await runTool(
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
			`fireworks up ${digest}`,
			"--history-max",
			"5",
		],
		{ timeoutMs: UPGRADE_TIMEOUT_MS, input: JSON.stringify(values) },
	);
	return true;
}

/** Makes a release that an interrupted helm left behind upgradable again. */
async function endPending(
	{ name, alone, say }: Install,
	current: ReleaseStatus,
): Promise<void> {
	const { release } = name;
	if (!alone && Date.now() - current.changedAt < PENDING_MS)
		throw new CliError(
			CLI_EXIT.failure,
			`The release ${release} is "${current.status}" since a moment: somebody is working on it.\n  What to do: wait for them and try again; after 5 minutes it counts as abandoned.`,
		);
	say(`an interrupted helm left it "${current.status}"`);
	const run = { timeoutMs: UNINSTALL_TIMEOUT_MS };
	// The first revision has nothing to go back to; Kafka's claims outlive an uninstall.
	if (current.revision === 1)
		await runTool("helm", ["uninstall", release, ...where(name)], run);
	else await runTool("helm", ["rollback", release, ...where(name)], run);
}

/** The image that the release's values name for a part; undefined where they leave it to the chart. */
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

/** false where there was none. */
export async function uninstall(name: ReleaseName): Promise<boolean> {
	const run = { timeoutMs: UNINSTALL_TIMEOUT_MS };
	const args = ["uninstall", name.release, ...where(name), "--wait"];
	const result = await tryTool("helm", args, run);
	if (result.code === 0) return true;
	if (/not found/.test(result.stderr)) return false;
	throw toolFailed("helm uninstall", result, run);
}

/** Of everything that decides what is installed: the chart's files, the values' files, the values. */
export function digestOf(
	valuesFiles: readonly string[],
	values: Values,
): string {
	const hash = createHash("sha256");
	const files = readdirSync(CHART, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.toSorted();
	for (const file of [...files, ...valuesFiles])
		hash.update(`${relative(CHART, file)}\0`).update(readFileSync(file));
	return hash.update(JSON.stringify(values)).digest("hex").slice(0, 12);
}
