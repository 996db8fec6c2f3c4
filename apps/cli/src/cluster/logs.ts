/**
 * `logs` of a system in a cluster: prints the logs of all pods as one stream, and follows them
 * across restarts and new pods.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PIPELINE_NAME } from "@fireworks/contracts";
import type { V1Pod } from "@kubernetes/client-node";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { PART_NAMES } from "../local/part-names.ts";
import type { Kube } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { ofRelease, partOf } from "./kube/labels.ts";
import { eachLogLine } from "./kube/pod-logs.ts";
import { mustReach } from "./reach.ts";
import type { Site } from "./site.ts";

/** How often to look for new pods and restarted containers. */
const LOOK_MS = 1_000;

export interface LogsOptions {
	part: string | undefined;
	follow: boolean;
	lines: number;
}

export async function kubeLogs(
	site: Site,
	options: LogsOptions,
): Promise<CliExit> {
	const { part, follow, lines } = options;
	const known = PART_NAMES.some((name) => name === part);
	if (part !== undefined && !known && !PIPELINE_NAME.test(part))
		throw new CliError(CLI_EXIT.usage, noPart(part));
	const kube = await mustReach(site);
	const first = await podsOf(kube, site, part);
	if (first.length === 0 && part !== undefined && !known)
		throw new CliError(CLI_EXIT.usage, noPart(part));
	if (first.length === 0 && !follow)
		throw new CliError(
			CLI_EXIT.failure,
			`No pods in namespace ${site.namespace}: is it up? See \`fireworks status\`.`,
		);
	const readers = new Readers(kube, site, first);
	await Promise.all(
		first.map((pod) => readers.read(pod, { lines, follow: false })),
	);
	if (!follow) return CLI_EXIT.ok;
	readers.goOnFromNow(first);
	for (;;) {
		for (const pod of await podsOf(kube, site, part).catch(() => []))
			readers.follow(pod);
		await sleep(LOOK_MS);
	}
}

const noPart = (part: string): string =>
	`There is no part "${part}": ${PART_NAMES.join(", ")}, or a pipeline that runs.`;

async function podsOf(
	kube: Kube,
	{ namespace, release }: Site,
	part: string | undefined,
): Promise<V1Pod[]> {
	const labelSelector = ofRelease(release);
	const { items } = await kube.core.listNamespacedPod({
		namespace,
		labelSelector,
	});
	return items
		.filter((pod) => {
			const own = partOf(pod);
			return own !== undefined && (part === undefined || own === part);
		})
		.toSorted((a, b) => order(a) - order(b));
}

/** That of the parts; pipelines come last. */
const order = (pod: V1Pod): number => {
	const names: readonly string[] = PART_NAMES;
	const at = names.indexOf(partOf(pod) ?? "");
	return at < 0 ? PART_NAMES.length : at;
};

/** One log stream for each pod. A new stream continues where the last one of that pod ended. */
class Readers {
	readonly #kube: Kube;
	readonly #namespace: string;
	readonly #prefixed: boolean;
	/** By pod, the time of the last line that was printed. */
	readonly #last = new Map<string, string>();
	readonly #following = new Set<string>();
	#width: number;

	constructor(kube: Kube, site: Site, pods: readonly V1Pod[]) {
		this.#kube = kube;
		this.#namespace = site.namespace;
		this.#prefixed = pods.length > 1;
		this.#width = Math.max(0, ...pods.map((pod) => nameOf(pod).length));
	}

	async read(
		pod: V1Pod,
		query: { lines?: number; follow: boolean },
	): Promise<void> {
		const name = nameOf(pod);
		const container = pod.spec?.containers[0]?.name;
		const since = this.#last.get(name);
		this.#width = Math.max(this.#width, name.length);
		try {
			await eachLogLine(
				this.#kube,
				this.#namespace,
				name,
				{
					...query,
					...(container ? { container } : {}),
					since,
					timestamps: true,
				},
				(line) => this.#print(name, line),
			);
		} catch (error) {
			// A container that has not started yet has no log.
			if (!query.follow) console.error(`${name}: ${apiReason(error)}`);
		}
	}

	/** Skips what these pods have written so far. */
	goOnFromNow(pods: readonly V1Pod[]): void {
		const now = new Date().toISOString();
		for (const pod of pods)
			if (!this.#last.has(nameOf(pod))) this.#last.set(nameOf(pod), now);
	}

	follow(pod: V1Pod): void {
		const name = nameOf(pod);
		if (this.#following.has(name)) return;
		this.#following.add(name);
		this.read(pod, { follow: true }).finally(() =>
			this.#following.delete(name),
		);
	}

	#print(name: string, line: string): void {
		const [, time = "", text = ""] = /^(\S+) ?(.*)$/s.exec(line) ?? [];
		// `since` is only exact to the second, so lines of that second that were printed come
		// again.
		if (time <= (this.#last.get(name) ?? "")) return;
		this.#last.set(name, time);
		console.log(
			this.#prefixed ? `${name.padEnd(this.#width)} | ${text}` : text,
		);
	}
}

const nameOf = (pod: V1Pod): string => pod.metadata?.name ?? "";
