/** Three nodes: pods are spread, and one node is emptied under load, as an upgrade of a cluster does. */
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ClusterSite } from "./harness/site.ts";
import { Witness } from "./harness/witness.ts";

let site: ClusterSite;
let witness: Witness;

beforeAll(async () => {
	const middleware = await freePort();
	site = await ClusterSite.clone("fireworks-three", {
		FIREWORKS_KIND_NODES: "3",
		FIREWORKS_DASHBOARD_PORT: String(await freePort()),
		FIREWORKS_MIDDLEWARE_PORT: String(middleware),
	});
	await site.up("three nodes, images built before");
	witness = new Witness(`ws://localhost:${middleware}/ws`);
}, 1_200_000);

afterAll(async () => {
	witness?.close();
	await site?.remove();
}, 300_000);

const nodeOf = async (part: string): Promise<string> =>
	(
		await site.kubectl(
			`get pods -l app.kubernetes.io/component=${part} -o jsonpath='{.items[0].spec.nodeName}'`,
		)
	).trim();

test("a node is drained and comes back, while data flows", async () => {
	await site.allRunning();
	await witness.moves();
	// Its volume is local to its node: that one cannot be emptied without stopping it.
	const kafka = await nodeOf("kafka");
	const node = (
		await Promise.all(
			["processor", "middleware", "metronome", "dashboard"].map(nodeOf),
		)
	).find((name) => name !== kafka);
	expect(node, "all pods are on Kafka's node").toBeDefined();
	await site.kubectl(
		`drain ${node} --ignore-daemonsets --delete-emptydir-data --timeout=180s`,
	);
	await site.allRunning();
	await witness.moves();
	const left = await site.kubectl(
		`get pods --field-selector spec.nodeName=${node} -o jsonpath='{.items[*].metadata.name}'`,
	);
	expect(left.trim()).toBe("");
	await site.kubectl(`uncordon ${node}`);
	expect(witness.problems).toEqual([]);
	await site.auditClean();
});

test("the names of services and pods work from the devcontainer, whatever node they are on", async () => {
	for (const part of ["dashboard", "middleware", "metronome", "processor"]) {
		const name = `fireworks-${part}.fireworks.svc.cluster.local`;
		const { code, output } = await site.inside(
			`curl --silent --show-error --max-time 20 --retry 3 --output /dev/null http://${name}/`,
		);
		expect(code, `${name}: ${output}`).toBe(0);
	}
});
