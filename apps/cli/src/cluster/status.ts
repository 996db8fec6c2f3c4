/** `status` of a system in a cluster: one line for each pod; the table also has lag and rates. */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { refusedIn, refusedLines } from "../local/part-probes.ts";
import { duration } from "../ui/format.ts";
import { table } from "../ui/table.ts";
import { findBlockers } from "./kube/blockers.ts";
import type { Kube } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { ofRelease, partOf, partsOf } from "./kube/labels.ts";
import { type Flow, flowOf, podMetrics, podPage } from "./kube/metrics.ts";
import {
	isReady,
	type PodState,
	podState,
	portsOf,
	restartsOf,
} from "./kube/pod-state.ts";
import { withReasons } from "./kube/readiness.ts";
import { reach } from "./reach.ts";
import type { Site } from "./site.ts";

/** Time between the two looks from which a rate is computed: two ticks of the default interval. */
const RATE_MS = 2_000;

export interface PodPart {
	name: string;
	pod: string | null;
	state: PodState;
	restarts: number;
	ports: Record<string, number>;
}

export async function kubeStatus(
	site: Site,
	options: { json: boolean },
): Promise<CliExit> {
	const kube = await reach(site);
	const pods = kube ? await podsOf(kube, site) : [];
	if (options.json) {
		const refused = kube ? await refusedByPod(kube, site, pods) : new Map();
		console.log(
			JSON.stringify(statusJson(site.target, podParts(pods), refused)),
		);
		return CLI_EXIT.ok;
	}
	if (!kube || pods.length === 0) {
		console.log(
			`Fireworks is not running (${site.target}${kube ? `, ${site.access.context}, namespace ${site.namespace}` : ": there is no such cluster"}). Start it: \`fireworks up --target ${site.target}\``,
		);
		return CLI_EXIT.ok;
	}
	for (const line of await statusText(kube, site, pods)) console.log(line);
	return CLI_EXIT.ok;
}

async function podsOf(kube: Kube, site: Site): Promise<V1Pod[]> {
	try {
		const { items } = await kube.core.listNamespacedPod({
			namespace: site.namespace,
			labelSelector: ofRelease(site.release),
		});
		return items.filter(
			(pod) => partOf(pod) && !pod.metadata?.deletionTimestamp,
		);
	} catch (error) {
		throw new CliError(
			CLI_EXIT.failure,
			`The cluster of ${site.access.context} does not answer: ${apiReason(error)}${site.memory?.making ? "\n  -> Its making was interrupted: `fireworks up` goes on with it." : ""}`,
			{ cause: error },
		);
	}
}

/** In the order of the parts. A part without a pod is shown as stopped. */
export const podParts = (pods: readonly V1Pod[]): PodPart[] =>
	partsOf(pods).flatMap((name) => {
		const own = pods
			.filter((pod) => partOf(pod) === name)
			.toSorted((a, b) =>
				(a.metadata?.name ?? "") < (b.metadata?.name ?? "") ? -1 : 1,
			);
		if (own.length === 0)
			return [
				{ name, pod: null, state: "stopped" as const, restarts: 0, ports: {} },
			];
		return own.map((pod) => ({
			name,
			pod: pod.metadata?.name ?? null,
			state: podState(pod),
			restarts: restartsOf(pod),
			ports: shownPorts(name, portsOf(pod)),
		}));
	});

/** By the names that the local system uses for them. */
const shownPorts = (
	name: string,
	{ client, http }: Record<string, number>,
): Record<string, number> => {
	const port = name === "kafka" ? client : http;
	if (port === undefined) return {};
	return name === "kafka" ? { kafka: port } : { http: port };
};

type Refused = ReadonlyMap<string, ReturnType<typeof refusedIn>>;

/** The devices that the processors' pods refuse on every tick. */
async function refusedByPod(
	kube: Kube,
	{ namespace }: Site,
	pods: readonly V1Pod[],
): Promise<Refused> {
	const found = new Map<string, ReturnType<typeof refusedIn>>();
	const processors = pods.filter((pod) => partOf(pod) === "processor");
	await Promise.all(
		processors.map(async (pod) => {
			const body = await podPage(kube, namespace, pod, "/refused");
			const refused = refusedIn(body);
			if (refused.refusedTotal > 0)
				found.set(pod.metadata?.name ?? "", refused);
		}),
	);
	return found;
}

/**
 * refused and refusedTotal are present only if devices are refused. Other programs rely on the
 * other fields, which are older.
 */
export const statusJson = (
	target: string,
	parts: readonly PodPart[],
	refused: Refused = new Map(),
) => ({
	target,
	parts: parts.map(({ name, pod, state, restarts, ports }) => ({
		name,
		pid: null,
		pod,
		state,
		restarts,
		ports,
		...refused.get(pod ?? ""),
	})),
});

const HEADER = [
	"PART",
	"STATE",
	"POD",
	"RESTARTS",
	"AGE",
	"RATE",
	"LAG",
	"WHAT HOLDS IT UP",
];

async function statusText(
	kube: Kube,
	site: Site,
	pods: readonly V1Pod[],
): Promise<string[]> {
	const [flows, events] = await Promise.all([
		flowsOf(kube, site, pods),
		kube.core.listNamespacedEvent({ namespace: site.namespace }),
	]);
	const blockers = await withReasons(
		kube,
		site.namespace,
		pods,
		findBlockers(pods, events.items),
	);
	const rows = podParts(pods).map(({ name, pod, state, restarts }) => {
		const full = pods.find((p) => p.metadata?.name === pod);
		const flow = pod === null ? undefined : flows.get(pod);
		const why = blockers.find((b) => b.pod === pod)?.why ?? "";
		return [
			name,
			state,
			pod ?? "-",
			String(restarts),
			ageOf(full),
			flow?.rate ?? "-",
			flow?.lag === undefined || flow.lag === null ? "-" : String(flow.lag),
			why.replaceAll("\n", " "),
		];
	});
	const running = pods.every(isReady);
	const page =
		site.target === "kind"
			? `http://localhost:${site.settings.dashboardPort}`
			: `context ${site.access.context}, namespace ${site.namespace}`;
	const head = `Fireworks is ${running ? "up" : "not whole"} (${site.target}): ${page}`;
	const refused = await refusedByPod(kube, site, pods);
	const lines = [...refused.values()].flatMap(refusedLines);
	return [
		head,
		"",
		...table([HEADER, ...rows], process.stdout.columns || 200),
		...(lines.length > 0 ? ["", ...lines] : []),
	];
}

async function flowsOf(
	kube: Kube,
	{ namespace }: Site,
	pods: readonly V1Pod[],
): Promise<Map<string, Flow>> {
	const look = () =>
		Promise.all(pods.map((pod) => podMetrics(kube, namespace, pod)));
	const began = performance.now();
	const before = await look();
	await sleep(Math.max(0, RATE_MS - (performance.now() - began)));
	const seconds = (performance.now() - began) / 1_000;
	const after = await look();
	const flows = new Map<string, Flow>();
	for (const [i, pod] of pods.entries()) {
		const part = partOf(pod);
		const flow = part && flowOf(part, before[i], after[i], seconds);
		if (flow) flows.set(pod.metadata?.name ?? "", flow);
	}
	return flows;
}

function ageOf(pod: V1Pod | undefined): string {
	const started = pod?.metadata?.creationTimestamp;
	if (!started) return "-";
	const age = Date.now() - new Date(started).getTime();
	return duration(Math.max(0, age)).replace(/\.\d s$/, " s");
}
