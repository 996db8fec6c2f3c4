/** Three nodes: one is drained under load, as in an upgrade of a cluster. */
import { expect, test } from "vitest";
import { waitFor, waitForValue } from "../../harness/wait-for.ts";
import type { CommandSite } from "../harness/command-site.ts";
import { Witness } from "../harness/witness.ts";

export function drainTests(site: CommandSite): void {
	/** Also those of pods that are ending. */
	const nodesOf = async (part: string): Promise<string[]> =>
		(
			await site.kubectl(
				"get",
				"pods",
				`-l=app.kubernetes.io/component=${part}`,
				"-o=jsonpath={.items[*].spec.nodeName}",
			)
		)
			.split(" ")
			.filter(Boolean);
	const allRunning = () =>
		waitFor(
			"all parts to run",
			async () => {
				const { stdout } = await site.succeeds("status", "--json");
				const { parts } = JSON.parse(stdout) as { parts: { state: string }[] };
				const waiting = parts.filter(({ state }) => state !== "running");
				if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
				return true;
			},
			180_000,
		);

	test("a node is drained and comes back, while data flows", async () => {
		const witness = new Witness(`ws://localhost:${site.middlewarePort}/ws`);
		try {
			await allRunning();
			await witness.moves();
			// Kafka's volume is local to its node. Draining that node would stop Kafka, so drain
			// another one.
			const [kafka = ""] = await nodesOf("kafka");
			// The scheduler may have put all pods there.
			await site.kubectl("cordon", kafka);
			await site.kubectl(
				"rollout",
				"restart",
				"deployment/fireworks-processor",
			);
			const [node = ""] = await waitForValue(
				"the processor to be on another node",
				() => nodesOf("processor"),
				(nodes) => nodes.length === 1 && nodes[0] !== kafka,
				180_000,
			);
			await site.kubectl("uncordon", kafka);
			await allRunning();
			await site.kubectl(
				"drain",
				node,
				"--ignore-daemonsets",
				"--delete-emptydir-data",
				"--timeout=180s",
			);
			await allRunning();
			await witness.moves();
			const left = await site.kubectl(
				"get",
				"pods",
				`--field-selector=spec.nodeName=${node}`,
				"-o=jsonpath={.items[*].metadata.name}",
			);
			expect(left).toBe("");
			await site.kubectl("uncordon", node);
			expect(witness.problems).toEqual([]);
			await site.succeeds("audit");
		} finally {
			witness.close();
		}
	});
}
