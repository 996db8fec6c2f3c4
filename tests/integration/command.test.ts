/**
 * The `fireworks` command as a user runs it: up, up again, kill, audit, down, and its messages when
 * something prevents it. The tests of the running system are independent; `down` has its own
 * system.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitForValue } from "../harness/wait-for.ts";

describe("a running system", () => {
	let system: System;
	let said: string;
	beforeAll(async () => {
		system = await System.create({
			FIREWORKS_METRONOME_INTERVAL_MS: "200",
			// Another product's variable, which is in many shells.
			FIREWORKS_API_KEY: "fw_secret",
			// Simulates a shell with an unreachable proxy: requests to this machine must not use
			// it.
			NODE_USE_ENV_PROXY: "1",
			http_proxy: "http://127.0.0.1:1",
			https_proxy: "http://127.0.0.1:1",
		});
		const { code, stdout, stderr } = await system.command("up", "--detach");
		if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
		said = stderr;
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
			expect(part).toMatchObject({ pod: null, state: "running" });
			expect(part.restarts).toBeGreaterThanOrEqual(0);
			expect(() => process.kill(part.pid, 0)).not.toThrow();
		}
		expect(parts[1].ports).toEqual({ http: system.ports.metronome });
	});

	test("another product's variable is a warning of one line, and no part gets it", async () => {
		const warnings = said
			.split("\n")
			.filter((line) => line.startsWith("! FIRE"));
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain("FIREWORKS_API_KEY: not a setting");
		expect(said).not.toContain("fw_secret");
		const state = readFileSync(join(system.stateDir, "state.json"), "utf8");
		expect(state).not.toContain("FIREWORKS_API_KEY");
		if (process.platform !== "linux") return;
		for (const { pid } of await system.parts()) {
			const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
			expect(environment).toContain("PATH=");
			expect(environment).not.toContain("FIREWORKS_API_KEY");
		}
	});

	test("up again changes nothing, and says where the page is", async () => {
		const before = await system.parts();
		const { code, stdout } = await system.command("up", "--detach");
		expect(code).toBe(0);
		expect(stdout).toContain(`http://localhost:${system.ports.dashboard}`);
		expect(await system.parts()).toEqual(before);
	});

	test("a killed part is restarted, is shown as restarted, and the audit stays clean", async () => {
		for (const name of ["metronome", "processor"]) {
			const before = await system.part(name);
			process.kill(before.pid as number, "SIGKILL");
			const after = await waitForValue(
				`${name} to run again`,
				() => system.part(name),
				({ state, pid }) => state === "running" && pid !== before.pid,
			);
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
});

test("down stops every process, and audit then cannot tell", async () => {
	const system = await System.create();
	try {
		await system.up();
		const pids = (await system.parts()).map((part) => part.pid as number);
		expect(pids).toHaveLength(5);
		expect((await system.command("down")).code).toBe(0);
		for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
		expect((await system.parts()).map((part) => part.state)).toEqual(
			Array(5).fill("stopped"),
		);
		const { code, stdout } = await system.command("audit");
		expect(code, stdout).toBe(2);
	} finally {
		await system.remove();
	}
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
		try {
			await startFails(
				system,
				String(system.ports.middleware),
				"FIREWORKS_MIDDLEWARE_PORT",
			);
		} finally {
			await new Promise((resolve) => server.close(resolve));
		}
	});

	test("a port that another program has on ::1 only, with that program's pid and another port", async () => {
		const system = await System.create();
		const server = createServer();
		await new Promise<void>((resolve) =>
			server.listen(system.ports.dashboard, "::1", resolve),
		);
		await startFails(
			system,
			`port ${system.ports.dashboard}`,
			"::1",
			`pid ${process.pid}`,
			"FIREWORKS_DASHBOARD_PORT=",
		);
		await new Promise((resolve) => server.close(resolve));
	});

	/** A PATH with one Java that only prints its version. */
	const fakeJava = (system: System, version: string) => {
		const home = join(system.stateDir, "jvm", version);
		mkdirSync(join(home, "bin"), { recursive: true });
		writeFileSync(
			join(home, "bin/java"),
			`#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`,
			{ mode: 0o755 },
		);
		system.environment.JAVA_HOME = home;
		system.environment.PATH = join(home, "bin");
	};

	test("a Java that is too new for Spark; doctor then says the same, though `up` failed, and status and down work", async () => {
		const system = await System.create();
		fakeJava(system, "25.0.2");
		const up = await system.command("up", "--engine", "spark", "--detach");
		expect(up.code).toBe(1);
		expect(up.stderr).toMatch(/the Spark engine needs Java 17 to 21.*25\.0\.2/);
		const doctor = await system.command("doctor");
		expect(doctor.code).toBe(1);
		expect(doctor.stdout).toMatch(/✗ java: .*Spark engine needs Java 17 to 21/);
		expect(doctor.stdout).not.toContain("All well");
		for (const word of ["status", "logs", "down"])
			expect((await system.command(word)).code).toBe(0);
		await system.remove();
	});

	test("an old Java, and doctor after it, whatever Docker there is", async () => {
		const system = await System.create();
		delete system.environment.FIREWORKS_TARGET;
		fakeJava(system, "11.0.2");
		const up = await system.command("up", "--local", "--detach");
		expect(up.stderr).toMatch(/Kafka needs Java 17 or later.*11\.0\.2/);
		const doctor = await system.command("doctor");
		expect(doctor.code).toBe(1);
		expect(doctor.stdout).toMatch(/✗ java: Kafka needs Java 17.*11\.0\.2/);
		await system.remove();
	});

	test("a cache that every user can write to", async () => {
		const system = await System.create();
		const cache = join(system.stateDir, "cache");
		mkdirSync(cache);
		chmodSync(cache, 0o777);
		system.environment.FIREWORKS_CACHE_DIR = cache;
		await startFails(system, cache, "every user can write", "chmod go-w");
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

	test("a misspelt setting, whatever its value", async () => {
		const system = await System.create({ FIREWORKS_LOG_LEVLE: "" });
		await startFails(system, "did you mean FIREWORKS_LOG_LEVEL?");
	});

	test("wrong settings, all of them", async () => {
		const system = await System.create({
			FIREWORKS_SEED: "x",
			FIREWORKS_PARTITIONS: "0",
			FIREWORKS_SEDE: "1",
		});
		await startFails(
			system,
			"FIREWORKS_SEED",
			"FIREWORKS_PARTITIONS",
			"FIREWORKS_SEDE",
		);
	});
});
