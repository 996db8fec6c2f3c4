/**
 * `up --engine python`: the local system with another engine's processor. `status`, kill -9 and
 * `audit` treat it like any other.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { TestClient } from "../harness/websocket-client.ts";

let system: System;
beforeAll(async () => {
	system = await System.create({
		FIREWORKS_ENGINE: "python",
		FIREWORKS_METRONOME_INTERVAL_MS: "200",
	});
	await system.up();
});
afterAll(() => system.remove());

test("the page shows which engine feeds it", async () => {
	const client = await TestClient.connect(system.ports.middleware);
	const hello = await waitFor("the hello frame", () => client.frames[0]);
	expect(hello).toMatchObject({ type: "hello", engine: "python" });
	await client.close();
	// A metric that exists only in Python's client library.
	const metrics = await fetch(
		`http://127.0.0.1:${system.ports.processor}/metrics`,
	);
	expect(await metrics.text()).toContain("python_info{");
});

test("killed, it comes back, and the audit stays clean", async () => {
	const before = await system.part("processor");
	process.kill(before.pid as number, "SIGKILL");
	const after = await waitForValue(
		"the processor to run again",
		() => system.part("processor"),
		({ state, pid }) => state === "running" && pid !== before.pid,
	);
	expect(after.restarts).toBe(before.restarts + 1);
	const { code, stdout } = await system.command("audit", "--json");
	expect(JSON.parse(stdout)).toMatchObject({ result: "clean" });
	expect(JSON.parse(stdout).counts.applied).toBeGreaterThan(10);
	expect(code).toBe(0);
});
