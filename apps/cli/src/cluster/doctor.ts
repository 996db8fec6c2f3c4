/**
 * `doctor` of a system in a cluster: checks this machine, the cluster, and what runs in it. Each
 * finding comes with its fix.
 */
import { resolve4 } from "node:dns/promises";
import type { CoreV1Event, V1Node } from "@kubernetes/client-node";
import { CLI_EXIT, type CliExit } from "../exit-codes.ts";
import { type Finding, ok, problem, warning } from "../preflight/finding.ts";
import { preflightKind } from "../preflight/kind.ts";
import { checkMemory } from "../preflight/memory.ts";
import { checkTool, HELM, KUBECTL } from "../preflight/tools.ts";
import { ROOT } from "../project.ts";
import { showFinding } from "../ui/findings.ts";
import { plural } from "../ui/format.ts";
import { releaseStatus } from "./helm/release.ts";
import { ownerOf } from "./kind/owner.ts";
import { findBlockers } from "./kube/blockers.ts";
import type { Kube } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { ofRelease, partOf } from "./kube/labels.ts";
import { isReady, restartsOf } from "./kube/pod-state.ts";
import { withReasons } from "./kube/readiness.ts";
import { reach } from "./reach.ts";
import { isInternal, type Site } from "./site.ts";

/** Older warnings are ignored. */
const EVENT_AGE_MS = 600_000;
const EVENTS_SHOWN = 5;
const RESTARTS_MANY = 3;
const DNS_TIMEOUT_MS = 5_000;

export async function kubeDoctor(site: Site): Promise<CliExit> {
	const machine =
		site.target === "kind"
			? [...(await preflightKind(site)), checkMemory()]
			: [await checkTool(HELM)];
	const all = [
		...machine,
		await checkTool(KUBECTL),
		...(await clusterFindings(site)),
	];
	for (const finding of all) console.log(showFinding(finding));
	const problems = all.filter((f) => f.level === "problem").length;
	console.log(
		problems === 0 ? "\nAll well." : `\n${plural(problems, "problem")}.`,
	);
	return problems === 0 ? CLI_EXIT.ok : CLI_EXIT.failure;
}

async function clusterFindings(site: Site): Promise<Finding[]> {
	const { target, access } = site;
	let kube: Kube | undefined;
	try {
		kube = await reach(site);
		if (!kube)
			return [ok("cluster", "not made yet: `fireworks up --target kind`")];
		return [
			...(await ownerFindings(site)),
			...(await nodeFindings(kube, access.context)),
			...(await releaseFindings(kube, site)),
			...(isInternal(site.settings) ? await dnsFindings(site) : []),
		];
	} catch (error) {
		return [
			problem(
				"cluster",
				`${access.context} does not answer: ${apiReason(error)}`,
				target === "kind"
					? "`fireworks up` starts its nodes; `fireworks down` and `up` make a new one"
					: `Try \`kubectl --context ${access.context} get nodes\`: are you logged in, and is the network (VPN) up?`,
			),
		];
	}
}

async function ownerFindings({ target, settings }: Site): Promise<Finding[]> {
	if (target !== "kind") return [];
	const owner = await ownerOf(settings.kindCluster);
	if (owner === undefined || owner === ROOT) return [];
	return [
		warning(
			"owner",
			`the kind cluster "${settings.kindCluster}" belongs to another clone: ${owner || "of an unknown folder"}`,
			"Give this clone its own: FIREWORKS_KIND_CLUSTER, FIREWORKS_DASHBOARD_PORT and FIREWORKS_MIDDLEWARE_PORT",
		),
	];
}

async function nodeFindings(kube: Kube, context: string): Promise<Finding[]> {
	const { items } = await kube.core.listNode();
	const bad = items.flatMap(judgeNode);
	if (bad.length > 0) return bad;
	const version = items[0]?.status?.nodeInfo?.kubeletVersion ?? "";
	return [
		ok(
			"cluster",
			`${context}: ${plural(items.length, "node")} ready, Kubernetes ${version}`,
		),
	];
}

const PRESSURES = ["MemoryPressure", "DiskPressure", "PIDPressure"];

function judgeNode(node: V1Node): Finding[] {
	const check = `node ${node.metadata?.name}`;
	const conditions = node.status?.conditions ?? [];
	const ready = conditions.find((c) => c.type === "Ready");
	if (ready?.status !== "True")
		return [
			problem(
				check,
				`not ready: ${ready?.message ?? "its kubelet has not reported yet"}`,
				"Look at the machine's memory and disk; for kind: `docker logs` of the node",
			),
		];
	if (node.spec?.unschedulable)
		return [
			warning(check, "cordoned: it takes no new pods", "`kubectl uncordon` it"),
		];
	return conditions
		.filter((c) => PRESSURES.includes(c.type) && c.status === "True")
		.map((c) =>
			problem(
				check,
				`${c.type}: ${c.message ?? ""}`,
				"Give the node more, or run less on it",
			),
		);
}

async function releaseFindings(kube: Kube, site: Site): Promise<Finding[]> {
	const { namespace, release } = site;
	const status = await releaseStatus(site);
	if (!status)
		return [ok("release", `${release} is not installed in ${namespace}`)];
	const findings = [
		status.status === "deployed"
			? ok("release", `${release}, revision ${status.revision}`)
			: problem(
					"release",
					`${release} is "${status.status}"`,
					"`fireworks up` goes on with it",
				),
	];
	const labelSelector = ofRelease(release);
	const [pods, claims, events] = await Promise.all([
		kube.core.listNamespacedPod({ namespace, labelSelector }),
		kube.core.listNamespacedPersistentVolumeClaim({ namespace, labelSelector }),
		kube.core.listNamespacedEvent({ namespace }),
	]);
	const parts = pods.items.filter(partOf);
	const blockers = await withReasons(
		kube,
		namespace,
		parts,
		findBlockers(parts, events.items),
	);
	for (const { part, pod, why, fix } of blockers)
		findings.push(
			problem(part, `pod ${pod}: ${why}`, fix || `\`fireworks logs ${part}\``),
		);
	for (const pod of parts)
		if (restartsOf(pod) >= RESTARTS_MANY)
			findings.push(
				warning(
					partOf(pod) ?? "pod",
					`pod ${pod.metadata?.name} was restarted ${restartsOf(pod)} times`,
					`\`fireworks logs ${partOf(pod)}\``,
				),
			);
	const ready = parts.filter(isReady).length;
	if (ready === parts.length && ready > 0)
		findings.push(ok("pods", `${ready} ready`));
	for (const { metadata, status: claim } of claims.items)
		findings.push(
			claim?.phase === "Bound"
				? ok("data", `${metadata?.name}: ${claim.capacity?.storage}`)
				: problem(
						"data",
						`the claim ${metadata?.name} is ${claim?.phase}`,
						"Is there a default StorageClass (`kubectl get storageclass`)?",
					),
		);
	const well = new Set(parts.filter(isReady).map((p) => p.metadata?.uid));
	const telling = events.items.filter(
		// Warnings about a pod that is ready now are from its start.
		(e) => !well.has(e.involvedObject.uid),
	);
	return [...findings, ...eventFindings(telling, Date.now())];
}

/** The newest warnings, each once. */
function eventFindings(events: readonly CoreV1Event[], now: number): Finding[] {
	const timeOf = (e: CoreV1Event) =>
		new Date(e.lastTimestamp ?? e.eventTime ?? 0).getTime();
	const recent = events
		.filter((e) => e.type === "Warning" && now - timeOf(e) < EVENT_AGE_MS)
		.toSorted((a, b) => timeOf(b) - timeOf(a));
	const said = new Map(
		recent.map((e) => [`${e.involvedObject.name} ${e.reason}`, e]),
	);
	return [...said.values()]
		.slice(0, EVENTS_SHOWN)
		.map((e) =>
			warning(
				"event",
				`${e.involvedObject.kind} ${e.involvedObject.name}: ${e.message ?? e.reason}`,
				"",
			),
		);
}

/** In the devcontainer: whether names of the cluster resolve, and other names still do. */
async function dnsFindings({
	namespace,
	release,
	settings,
}: Site): Promise<Finding[]> {
	const name = `${release}-middleware.${namespace}.svc.cluster.local`;
	const why = await within(resolve4(name)).then(
		() => undefined,
		(error: Error) => error.message,
	);
	return [
		why === undefined
			? ok("dns", `${name} resolves`)
			: problem(
					"dns",
					`${name} does not resolve: ${why}`,
					`\`sh .devcontainer/network.sh up ${settings.kindCluster}\` sets the routes and names again`,
				),
	];
}

const within = <T>(work: Promise<T>): Promise<T> =>
	Promise.race([
		work,
		new Promise<never>((_, reject) =>
			setTimeout(() => reject(new Error("no answer")), DNS_TIMEOUT_MS).unref(),
		),
	]);
