/**
 * The whole system on Kubernetes, behind a proxy, from a fresh clone until everything is removed. A
 * witness outside the cluster checks that every event arrives in order and is correct, and the
 * audit reads the topics after each fault. Every test except the last leaves the system up; after
 * the last one, another test starts it again.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import {
	type RecordingProxy,
	recordingProxy,
} from "../harness/recording-proxy.ts";
import { waitFor } from "../harness/wait-for.ts";
import { allIsTrue } from "./harness/all-is-true.ts";
import { must } from "./harness/command.ts";
import { added, type Inventory, inventory } from "./harness/leftovers.ts";
import { memoryByPod } from "./harness/memory.ts";
import { bridgeAddress, portOr } from "./harness/ports.ts";
import { ClusterSite } from "./harness/site.ts";
import { Witness } from "./harness/witness.ts";

const MEMORY_MB_MAX = 2_500;
const PARTS = ["kafka", "metronome", "processor", "middleware", "dashboard"];

const CLUSTER = "fireworks-test";
/** Names and addresses that only the nodes and the programs on them have. */
const OF_THE_CLUSTER =
	/control-plane|\.svc|cluster\.local|:6443$|^\[?(10\.|172\.|127\.|localhost|::1|fd|fc)/;

let before: Inventory;
let site: ClusterSite;
/** Set while the system is up. */
let witness: Witness | undefined;
let proxy: RecordingProxy;
let failure: Error | undefined;
let browser: Browser | undefined;
let page: string;
let stream: string;

beforeAll(async () => {
	before = await inventory();
	const dashboard = await portOr(3_000);
	const middleware = await portOr(8_080);
	page = `http://localhost:${dashboard}`;
	stream = `ws://localhost:${middleware}/ws`;
	const bridge = await bridgeAddress();
	proxy = await recordingProxy(bridge);
	site = await ClusterSite.clone(CLUSTER, {
		FIREWORKS_DASHBOARD_PORT: String(dashboard),
		FIREWORKS_MIDDLEWARE_PORT: String(middleware),
		http_proxy: proxy.url,
		https_proxy: proxy.url,
		// As users set it, without any address of Kubernetes. The test kit's mirror is on the
		// bridge.
		no_proxy: `localhost,127.0.0.1,${bridge}`,
	});
}, 120_000);

beforeEach(async () => {
	if (witness !== undefined) return;
	// If the system does not start, do not try again for every test.
	if (failure !== undefined) throw failure;
	await site
		.up("sh bootstrap.sh --detach, from a fresh clone")
		.catch((error: Error) => {
			failure = error;
			throw error;
		});
	witness = new Witness(stream);
}, 1_200_000);

afterAll(async () => {
	witness?.close();
	await browser?.close();
	await site?.remove();
	proxy?.close();
}, 300_000);

const seen = (): Witness => {
	if (witness === undefined) throw new Error("the system is not up");
	return witness;
};

test("every part runs, and the audit is clean", async () => {
	const parts = await site.allRunning();
	expect([...new Set(parts.map((part) => part.name))].sort()).toEqual(
		PARTS.toSorted(),
	);
	await allIsTrue(site, seen());
});

test("the nodes get the proxy of the environment, and no request to the cluster goes through it", async () => {
	const env = await must("docker", ["exec", `${CLUSTER}-control-plane`, "env"]);
	expect(env).toContain(`HTTPS_PROXY=${proxy.url}`);
	expect(env).toMatch(/^NO_PROXY=.*10\.96\.0\.0\/16,10\.244\.0\.0\/16/m);
	for (const args of [["status"], ["doctor"], ["audit"]]) {
		const { code, output } = await site.bootstrap(args);
		expect(code, `${args}: ${output}`).toBe(0);
	}
	expect(proxy.asked.filter((host) => OF_THE_CLUSTER.test(host))).toEqual([]);
});

test("Kafka's data is on its claim although the image declares volumes above it, and survives the pod", async () => {
	const mounts = await site.kubectl(
		"get pod fireworks-kafka-0 -o jsonpath='{.spec.containers[0].volumeMounts[*].mountPath}'",
	);
	expect(mounts.trim().split(" ")).toContain("/var/lib/kafka/data");
	const volume = await site.kubectl(
		"get pvc data-fireworks-kafka-0 -o jsonpath='{.spec.volumeName}'",
	);
	// The folder that the storage class created on the node for this claim.
	const onClaim = async () =>
		must("docker", [
			"exec",
			`${CLUSTER}-control-plane`,
			"sh",
			"-c",
			`find /var/local-path-provisioner -type d -path '*${volume.trim()}*/data/*' -name 'wiener-*'`,
		]);
	const topics = (await onClaim()).trim().split("\n").sort();
	expect(topics).toHaveLength(4);
	await site.kubectl("delete pod fireworks-kafka-0");
	await allIsTrue(site, seen());
	expect((await onClaim()).trim().split("\n").sort()).toEqual(topics);
	const ticks = (await site.auditClean()).match(/\d+ ticks/);
	expect(ticks).not.toBeNull();
});

test("a second run changes nothing", async () => {
	const podsNow = async () =>
		(await site.status()).map((part) => part.pod).toSorted();
	const pods = await podsNow();
	const { output } = await site.up("the second run");
	expect(output).not.toMatch(/Building|Starting the devcontainer/);
	expect(await podsNow()).toEqual(pods);
});

test("the page is live in a real browser, and shows the values of the stream", async () => {
	browser = await launchBrowser();
	const tab = await browser.newPage({
		viewport: { width: 1_280, height: 800 },
	});
	const complaints = complaintsOf(tab);
	await tab.goto(page);
	const rows = () =>
		tab.$$eval("[data-device]", (all) =>
			all.map((row) => ({
				deviceId: row.getAttribute("data-device") ?? "",
				seq: Number(row.getAttribute("data-seq")),
				value: Number(row.getAttribute("data-value")),
			})),
		);
	const first = await waitFor("five devices", async () => {
		const all = await rows();
		return all.length === 5 && all.every((row) => row.seq > 0)
			? all
			: undefined;
	});
	const later = await waitFor("three more ticks on the page", async () => {
		const all = await rows();
		return all.every((row, i) => row.seq >= (first[i]?.seq ?? 0) + 3)
			? all
			: undefined;
	});
	for (const { deviceId, seq, value } of later)
		expect(
			await waitFor(`${deviceId} ${seq}`, () => seen().valueOf(deviceId, seq)),
		).toBe(value);
	expect(complaints).toEqual([]);
});

test("helm test passes: fresh and correct data on the websocket, and the audit of the topics", async () => {
	const output = await site.helm("test fireworks --logs --timeout 4m");
	expect(output).toMatch(/Phase:\s+Succeeded/);
	expect(output).not.toMatch(/Phase:\s+Failed/);
});

test("the services' names work in the devcontainer", async () => {
	for (const [part, path] of [
		["dashboard", "/"],
		["middleware", "/readyz"],
		["metronome", "/readyz"],
		["processor", "/readyz"],
	]) {
		const name = `fireworks-${part}.fireworks.svc.cluster.local`;
		const { code, output } = await site.inside(
			`curl --fail --silent --show-error --max-time 20 --retry 3 --output /dev/null http://${name}${path}`,
		);
		expect(code, `${name}: ${output}`).toBe(0);
	}
});

test("the namespace's memory", async () => {
	const byPod = await memoryByPod(site, "fireworks");
	const sum = [...byPod.values()].reduce((a, b) => a + b, 0);
	console.log(
		`memory of the namespace: ${sum.toFixed(0)} MB (${[...byPod].map(([pod, mb]) => `${pod} ${mb.toFixed(0)}`).join(", ")})`,
	);
	expect(byPod.size).toBeGreaterThanOrEqual(PARTS.length);
	expect(sum).toBeGreaterThan(100);
	expect(sum).toBeLessThan(MEMORY_MB_MAX);
});

test("a pod without the security context is refused", async () => {
	const pod = {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "careless" },
		spec: { containers: [{ name: "careless", image: "careless:1" }] },
	};
	await expect(
		site.kubectl("create -f -", JSON.stringify(pod)),
	).rejects.toThrow(/violates PodSecurity "restricted/);
});

test.each([
	["a negative number of replicas", "processor.replicas=-1"],
	["a value that does not exist", "procesor.replicas=2"],
	["a second metronome", "metronome.replicas=2"],
	["a setting that does not exist", "config.FIREWORKS_LOG_LEVLE=debug"],
])("invalid values are refused: %s", async (_what, value) => {
	const revision = await revisionNow();
	await expect(
		site.helm(
			`upgrade fireworks charts/fireworks --reuse-values --set ${value}`,
		),
	).rejects.toThrow(/schema|values/i);
	expect(await revisionNow()).toBe(revision);
});

const revisionNow = async (): Promise<number> =>
	Math.max(
		...JSON.parse(await site.helm("history fireworks --output json")).map(
			(entry: { revision: number }) => entry.revision,
		),
	);

test("helm upgrade and rollback, while data flows", async () => {
	const revision = await revisionNow();
	await site.helm(
		"upgrade fireworks charts/fireworks --reuse-values --set config.FIREWORKS_LOG_LEVEL=debug --wait --timeout 4m",
	);
	expect(await revisionNow()).toBe(revision + 1);
	await allIsTrue(site, seen());
	await site.helm(`rollback fireworks ${revision} --wait --timeout 4m`);
	await allIsTrue(site, seen());
});

test("the processor scales to three and back", async () => {
	await site.kubectl("scale deployment/fireworks-processor --replicas=3");
	await site.kubectl(
		"rollout status deployment/fireworks-processor --timeout=180s",
	);
	expect(await site.podsOf("processor")).toHaveLength(3);
	await seen().moves();
	await site.kubectl("scale deployment/fireworks-processor --replicas=1");
	await waitFor(
		"one processor",
		async () => (await site.podsOf("processor")).length === 1,
		120_000,
	);
	await allIsTrue(site, seen());
});

test("each pod is killed, including Kafka's; its volume stays, and nothing is lost", async () => {
	const volume = await site.kubectl("get pvc -o jsonpath='{..metadata.uid}'");
	expect(volume).not.toBe("");
	for (const part of PARTS) {
		const [pod] = await site.podsOf(part);
		const began = performance.now();
		await site.kill(pod as string);
		await site.allRunning();
		await seen().moves();
		console.log(
			`${part} killed: it runs and data flows again after ${((performance.now() - began) / 1_000).toFixed(0)} s`,
		);
	}
	expect(await site.kubectl("get pvc -o jsonpath='{..metadata.uid}'")).toBe(
		volume,
	);
	await allIsTrue(site, seen());
	expect(seen().losses).toBeGreaterThan(0);
});

test("down removes everything", async () => {
	witness?.close();
	witness = undefined;
	const down = await site.bootstrap(["down"]);
	expect(down.code, down.output).toBe(0);
	console.log(`down: ${(down.ms / 1_000).toFixed(0)} s`);
	const left = added(before, await inventory());
	// The devcontainer's package cache stays for the next time; --purge removes it too.
	expect(
		left.filter((what) => !/^volumes: fireworks-devcontainer-/.test(what)),
	).toEqual([]);
	const purge = await site.bootstrap(["down", "--purge"]);
	expect(purge.code, purge.output).toBe(0);
	expect(added(before, await inventory())).toEqual([]);
});
