/** Tests of the commands that look at a system that is up. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitFor } from "../../harness/wait-for.ts";
import type { CommandSite } from "../harness/command-site.ts";
import { RecordingTools } from "../harness/recording-tools.ts";

export function lookTests(site: CommandSite): void {
	test("status, logs and doctor show the pods", async () => {
		const { target, parts } = JSON.parse(
			(await site.succeeds("status", "--json")).stdout,
		);
		expect(target).toBe("kind");
		expect(parts).toEqual(
			["kafka", "metronome", "processor", "middleware", "dashboard"].map(
				(name) => ({
					name,
					pid: null,
					pod: expect.stringContaining(`fireworks-${name}`),
					state: "running",
					restarts: expect.any(Number),
					ports: { [name === "kafka" ? "kafka" : "http"]: expect.any(Number) },
				}),
			),
		);
		const [line = ""] = (
			await site.succeeds("logs", "processor", "-n", "1")
		).stdout.split("\n");
		expect(JSON.parse(line)).toMatchObject({ service: "processor" });
		expect((await site.succeeds("status")).output).toMatch(
			/processor .*records\/s/,
		);
		expect((await site.succeeds("doctor")).output).toMatch(
			/release: fireworks, revision/,
		);
	});

	test("the audit runs in the cluster, and removes its Job", async () => {
		const { stdout } = await site.succeeds("audit", "--json");
		expect(JSON.parse(stdout)).toMatchObject({ result: "clean", clean: true });
		await waitFor("the audit's pod to be gone", async () => {
			const left = await site.kubectl(
				"get",
				"jobs,pods",
				"--selector=app.kubernetes.io/component=audit",
				"--output=name",
			);
			if (left.trim() !== "") throw new Error(left);
			return true;
		});
	});

	test("verify-stream finds the stream fresh and correct, and reports findings for another seed", async () => {
		const args = [
			"verify-stream",
			"--url",
			`ws://127.0.0.1:${site.middlewarePort}/ws`,
			"--seconds",
			"3",
			"--json",
		];
		expect(JSON.parse((await site.succeeds(...args)).stdout)).toMatchObject({
			result: "clean",
			devices: 5,
		});
		const other = await site.fireworks(args, { FIREWORKS_SEED: "1" });
		expect(other.code).toBe(1);
		expect(JSON.parse(other.stdout).result).toBe("findings");
	});

	test("the user's own kubeconfig is never written, and only its owner can read ours", () => {
		expect(existsSync(join(site.home, ".kube", "config"))).toBe(false);
		expect(statSync(join(site.state, "kubeconfig")).mode & 0o777).toBe(0o600);
	});

	test("commands that look build nothing, pull nothing and change nothing", async () => {
		const folder = join(site.home, "looking");
		mkdirSync(folder);
		const tools = await RecordingTools.in(folder);
		for (const args of [
			["status"],
			["status", "--json"],
			["logs", "middleware", "-n", "1"],
			["doctor"],
		]) {
			const { code, output } = await site.fireworks(args, {
				PATH: tools.path,
			});
			expect(code, `${args}: ${output}`).toBe(0);
		}
		const calls = tools.calls();
		expect(calls).toContain("kind get clusters");
		const readOnly =
			/^(docker (-v|info|ps|inspect|container inspect|volume ls|version)|kind (get|version|export kubeconfig)|helm (status|get|version)|kubectl version)\b/;
		expect(calls.filter((call) => !readOnly.test(call))).toEqual([]);
	});
}
