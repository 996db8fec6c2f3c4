/** Tests of two clones on one machine. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { must } from "../harness/command.ts";
import { CLONE, type CommandSite } from "../harness/command-site.ts";
import { secondClone } from "../harness/second-clone.ts";

export function cloneTests(site: CommandSite): void {
	test("another clone neither upgrades nor removes the cluster, and says whose it is and how to create its own", async () => {
		const other = secondClone(join(site.home, "two"));
		const theirs = (...args: string[]) =>
			site.fireworks(
				[...args, "--target", "kind"],
				{ FIREWORKS_STATE_DIR: join(other, ".fireworks") },
				join(other, "apps/cli/dist/main.js"),
			);
		const revision = await site.revision();
		const up = await theirs("up");
		expect(up.code, up.output).toBe(1);
		expect(up.output).toContain(
			`The kind cluster "${site.cluster}" belongs to another clone: ${CLONE}`,
		);
		for (const setting of [
			`FIREWORKS_KIND_CLUSTER=${site.cluster}-2`,
			"FIREWORKS_DASHBOARD_PORT=",
			"FIREWORKS_MIDDLEWARE_PORT=",
		])
			expect(up.output).toContain(setting);
		const down = await theirs("down");
		expect(down.code, down.output).toBe(0);
		expect(down.output).toContain(
			`belongs to another clone (${CLONE}): it stays`,
		);
		expect(await site.nodes()).toBe(site.node);

		// A cluster without an owner, from before the marker existed, belongs to the clone that
		// remembers it.
		await must("docker", ["volume", "rm", `fireworks-cluster-${site.cluster}`]);
		const unknown = await theirs("up");
		expect(unknown.code, unknown.output).toBe(1);
		expect(unknown.output).toContain("this clone did not make it");
		const stays = await theirs("down");
		expect(stays.output).toContain("was not made by this clone: it stays");
		expect(await site.nodes()).toBe(site.node);
		expect(await site.owner()).toBe("");
		await site.succeeds("up");
		expect(await site.owner()).toBe(
			`fireworks-cluster-${site.cluster} ${CLONE}\n`,
		);
		expect(await site.revision()).toBe(revision);
	}, 600_000);
}
