/**
 * The whole system on Kubernetes, from a fresh clone to nothing left: one journey, each step on what the one before left. A witness outside of
 * the cluster sees every event of it, in order and true, and the audit reads the topics after each fault.
 */
import { tryPort } from "@fireworks/local-kafka";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { waitFor } from "../harness/wait-for.ts";
import { allIsTrue } from "./harness/all-is-true.ts";
import { added, type Inventory, inventory } from "./harness/leftovers.ts";
import { memoryByPod } from "./harness/memory.ts";
import { ClusterSite } from "./harness/site.ts";
import { Witness } from "./harness/witness.ts";

const MEMORY_MB_MAX = 2_500;
const PARTS = ["kafka", "metronome", "processor", "middleware", "dashboard"];

let before: Inventory;
let site: ClusterSite;
let witness: Witness;
let browser: Browser | undefined;
let page: string;

beforeAll(async () => {
	before = await inventory();
	const dashboard = await portOr(3_000);
	const middleware = await portOr(8_080);
	page = `http://localhost:${dashboard}`;
	site = await ClusterSite.clone("fireworks-test", {
		FIREWORKS_DASHBOARD_PORT: String(dashboard),
		FIREWORKS_MIDDLEWARE_PORT: String(middleware),
	});
	await site.up("sh bootstrap.sh --detach, from a fresh clone");
	witness = new Witness(`ws://localhost:${middleware}/ws`);
}, 1_200_000);

afterAll(async () => {
	witness?.close();
	await browser?.close();
	await site?.remove();
}, 300_000);

/** The port, or a free one where somebody else has it. */
const portOr = (port: number): Promise<number> =>
	tryPort(port).catch(() => tryPort(0));

test("every part runs, and the audit is clean", async () => {
	const parts = await site.allRunning();
	expect([...new Set(parts.map((part) => part.name))].sort()).toEqual(
		PARTS.toSorted(),
	);
	await allIsTrue(site, witness);
});

test("a second run has nothing to do", async () => {
	const podsNow = async () =>
		(await site.status()).map((part) => part.pod).toSorted();
	const pods = await podsNow();
	const { output } = await site.up("the second run");
	expect(output).not.toMatch(/Building|Starting the devcontainer/);
	expect(await podsNow()).toEqual(pods);
});

test("the page moves in a real browser, and its numbers are those of the stream", async () => {
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
			await waitFor(`${deviceId} ${seq}`, () => witness.valueOf(deviceId, seq)),
		).toBe(value);
	expect(complaints).toEqual([]);
});

test("helm test passes: fresh and true data on the websocket, and the topics' audit", async () => {
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
	["a second clock", "metronome.replicas=2"],
	["a setting that does not exist", "config.FIREWORKS_LOG_LEVLE=debug"],
])("bad values are refused: %s", async (_what, value) => {
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
	await allIsTrue(site, witness);
	await site.helm(`rollback fireworks ${revision} --wait --timeout 4m`);
	await allIsTrue(site, witness);
});

test("the processor scales to three and back", async () => {
	await site.kubectl("scale deployment/fireworks-processor --replicas=3");
	await site.kubectl(
		"rollout status deployment/fireworks-processor --timeout=180s",
	);
	expect(await site.podsOf("processor")).toHaveLength(3);
	await witness.moves();
	await site.kubectl("scale deployment/fireworks-processor --replicas=1");
	await waitFor(
		"one processor",
		async () => (await site.podsOf("processor")).length === 1,
		120_000,
	);
	await allIsTrue(site, witness);
});

test("each pod is killed, Kafka's too; its volume stays, and nothing is lost", async () => {
	const volume = await site.kubectl("get pvc -o jsonpath='{..metadata.uid}'");
	expect(volume).not.toBe("");
	for (const part of PARTS) {
		const [pod] = await site.podsOf(part);
		const began = performance.now();
		await site.kill(pod as string);
		await site.allRunning();
		await witness.moves();
		console.log(
			`${part} killed: it runs and data flows again after ${((performance.now() - began) / 1_000).toFixed(0)} s`,
		);
	}
	expect(await site.kubectl("get pvc -o jsonpath='{..metadata.uid}'")).toBe(
		volume,
	);
	await allIsTrue(site, witness);
	expect(witness.losses).toBeGreaterThan(0);
});

test("down leaves nothing behind", async () => {
	witness.close();
	const down = await site.bootstrap(["down"]);
	expect(down.code, down.output).toBe(0);
	console.log(`down: ${(down.ms / 1_000).toFixed(0)} s`);
	const left = added(before, await inventory());
	// The devcontainer's cache of packages, for the next time; --purge takes it too.
	expect(
		left.filter((what) => !/^volumes: fireworks-devcontainer-/.test(what)),
	).toEqual([]);
	const purge = await site.bootstrap(["down", "--purge"]);
	expect(purge.code, purge.output).toBe(0);
	expect(added(before, await inventory())).toEqual([]);
});
