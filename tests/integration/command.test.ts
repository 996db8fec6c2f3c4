/** The `fireworks` command as a person uses it: up, again, kill, audit, down, and what it says when something is in the way. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

describe("a running system", () => {
	let system: System;
	beforeAll(async () => {
		system = await System.create({ FIREWORKS_METRONOME_INTERVAL_MS: "200" });
		await system.up();
	});
	afterAll(() => system.remove());

	test("status names every part, its process and its port", async () => {
		const { stdout, code } = await system.command("status", "--json");
		expect(code).toBe(0);
		const { target, parts } = JSON.parse(stdout);
		expect(target).toBe("local");
		expect(parts.map((p: { name: string }) => p.name)).toEqual([
			"kafka",
			"metronome",
			"processor",
			"middleware",
			"dashboard",
		]);
		for (const part of parts) {
			expect(part).toMatchObject({ pod: null, state: "running", restarts: 0 });
			expect(() => process.kill(part.pid, 0)).not.toThrow();
		}
		expect(parts[1].ports).toEqual({ http: system.ports.metronome });
	});

	test("up again changes nothing, and says where the page is", async () => {
		const before = await system.parts();
		const { code, stdout } = await system.command("up", "--detach");
		expect(code).toBe(0);
		expect(stdout).toContain(`http://localhost:${system.ports.dashboard}`);
		expect(await system.parts()).toEqual(before);
	});

	test("a killed part comes back, is shown as restarted, and the audit stays clean", async () => {
		for (const name of ["metronome", "processor"]) {
			const before = await system.part(name);
			process.kill(before.pid as number, "SIGKILL");
			const after = await waitFor(`${name} to run again`, async () => {
				const part = await system.part(name);
				return part.state === "running" && part.pid !== before.pid
					? part
					: undefined;
			});
			expect(after.restarts).toBe(before.restarts + 1);
		}
		const { code, stdout } = await system.command("audit", "--json");
		expect(JSON.parse(stdout)).toMatchObject({
			result: "clean",
			findingsTotal: 0,
		});
		expect(JSON.parse(stdout).counts.applied).toBeGreaterThan(10);
		expect(code).toBe(0);
	});

	test("logs and doctor answer", async () => {
		const { stdout } = await system.command("logs", "metronome", "-n", "20");
		expect(stdout).toContain('"service":"metronome"');
		const { code, stdout: findings } = await system.command("doctor");
		expect(code, findings).toBe(0);
	});

	test("down stops every process, and audit then cannot tell", async () => {
		const pids = (await system.parts()).map((part) => part.pid as number);
		expect((await system.command("down")).code).toBe(0);
		for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
		expect((await system.parts()).map((part) => part.state)).toEqual(
			Array(5).fill("stopped"),
		);
		const { code, stdout } = await system.command("audit");
		expect(code, stdout).toBe(2);
	});
});

describe("what is in the way is said at once, with what to do", () => {
	const startFails = async (
		system: System,
		...texts: string[]
	): Promise<void> => {
		const { code, stdout, stderr } = await system.command("up", "--detach");
		await system.remove();
		expect(code).not.toBe(0);
		for (const text of texts) expect(stdout + stderr).toContain(text);
	};

	test("a port that is taken", async () => {
		const system = await System.create();
		const server = createServer();
		await new Promise<void>((resolve) =>
			server.listen(system.ports.middleware, "127.0.0.1", resolve),
		);
		await startFails(
			system,
			String(system.ports.middleware),
			"FIREWORKS_MIDDLEWARE_PORT",
		);
		await new Promise((resolve) => server.close(resolve));
	});

	test("no Java", async () => {
		const system = await System.create({ PATH: "/nowhere", JAVA_HOME: "" });
		await startFails(system, "Java 17");
	});

	test("a broken state folder", async () => {
		const system = await System.create();
		mkdirSync(system.stateDir, { recursive: true });
		writeFileSync(join(system.stateDir, "state.json"), "{ this is not JSON");
		await startFails(system, join(system.stateDir, "state.json"));
	});

	test("wrong settings, all of them", async () => {
		const system = await System.create({
			FIREWORKS_SEED: "x",
			FIREWORKS_PARTITIONS: "0",
			FIREWORKS_TYPO: "1",
		});
		await startFails(
			system,
			"FIREWORKS_SEED",
			"FIREWORKS_PARTITIONS",
			"FIREWORKS_TYPO",
		);
	});
});
