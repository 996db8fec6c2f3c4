/** Tests of `up` and `down`: interrupted, repeated, with a part that crashes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitFor } from "../../harness/wait-for.ts";
import {
	CLONE,
	COMMAND,
	type CommandSite,
	ROOT,
} from "../harness/command-site.ts";

export function interruptedUpTests(site: CommandSite): void {
	test("after Ctrl-C while the cluster is created, another `up` continues from there", async () => {
		await site.ensureDown();
		const first = spawn(process.execPath, [COMMAND, "up", "--target", "kind"], {
			cwd: ROOT,
			env: site.env,
			stdio: "ignore",
		});
		const ended = once(first, "exit");
		// Before that, `up` may have to build the images.
		await waitFor(
			"the node to be created",
			async () => {
				if (first.exitCode !== null)
					throw new Error(`up ended with ${first.exitCode}`);
				return (await site.nodes()) !== "";
			},
			600_000,
		).finally(() => first.kill("SIGINT"));
		expect(await ended).toEqual([130, null]);
		// No target is named: the CLI remembers the one that was started.
		const { output, ms } = await site.succeeds("up");
		console.log(
			`up after an interrupted one: ${(ms / 1_000).toFixed(0)} s\n${output.replace(/^….*\n/gm, "")}`,
		);
		expect(output).toMatch(/events arrive, and the page answers/);
		// The cluster belongs to this clone.
		expect(await site.owner()).toBe(
			`fireworks-cluster-${site.cluster} ${CLONE}\n`,
		);
	}, 1_200_000);
}

export function upTests(site: CommandSite): void {
	test("a second `up` changes nothing", async () => {
		const podsNow = async () =>
			JSON.parse((await site.succeeds("status", "--json")).stdout).parts.map(
				(part: { pod: string }) => part.pod,
			);
		const pods = await podsNow();
		const { output, ms } = await site.succeeds("up");
		console.log(`up with nothing to do: ${(ms / 1_000).toFixed(1)} s`);
		expect(output).toMatch(/revision \d+, unchanged/);
		expect(await podsNow()).toEqual(pods);
	});

	test("a part that crashes is named, with its last log lines; the others keep running, and the next `up` repairs it", async () => {
		const values = join(site.home, "broken.yaml");
		writeFileSync(values, "middleware: { nodeOptions: --no-such-option }\n");
		const broken = await site.fireworks(["up", "--timeout", "45"], {
			FIREWORKS_HELM_VALUES: values,
		});
		expect(broken.code).toBe(1);
		expect(broken.output).toMatch(/middleware \(pod .*ended with exit code 9/);
		expect(broken.output).toMatch(
			/Last lines of .*\n.*--no-such-option is not allowed/,
		);
		const verify = [
			"verify-stream",
			"--url",
			`ws://127.0.0.1:${site.middlewarePort}/ws`,
			"--seconds",
			"3",
		];
		await site.succeeds(...verify);
		await site.succeeds("up");
	}, 600_000);
}

export function downTests(site: CommandSite): void {
	test("`down` leaves nothing behind", async () => {
		await site.ensureUp();
		await site.succeeds("down");
		expect(await site.nodes()).toBe("");
		expect(await site.owner()).toBe("");
		expect(existsSync(join(site.state, "kubeconfig"))).toBe(false);
		expect(existsSync(join(site.state, "target.json"))).toBe(false);
		const { parts } = JSON.parse(
			(await site.succeeds("status", "--json", "--target", "kind")).stdout,
		);
		expect(new Set(parts.map((part: { state: string }) => part.state))).toEqual(
			new Set(["stopped"]),
		);
	});
}
