/**
 * `up --engine spark` on an unusual machine: JAVA_HOME is too old, the first Java in PATH is too
 * new, the language is Turkish, and the state folder has an odd name. All parts must use the one
 * suitable Java.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

let system: System;
beforeAll(async () => {
	system = await System.create({
		FIREWORKS_ENGINE: "spark",
		FIREWORKS_METRONOME_INTERVAL_MS: "500",
		LC_ALL: "tr_TR.UTF-8",
	});
	const base = system.stateDir;
	const fake = (version: string) => {
		const home = join(base, `jdk-${version}`);
		mkdirSync(join(home, "bin"), { recursive: true });
		writeFileSync(
			join(home, "bin/java"),
			`#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`,
			{ mode: 0o755 },
		);
		return home;
	};
	system.environment.JAVA_HOME = fake("11.0.2");
	system.environment.PATH = `${fake("25.0.2")}/bin:${process.env.PATH}`;
	system.environment.FIREWORKS_STATE_DIR = join(base, `ö %20#'"$x & state`);
	const { code, stdout, stderr } = await system.command(
		...["up", "--detach", "--timeout", "180"],
	);
	if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
});
afterAll(async () => {
	await system.remove();
});

test("the system is up and its data is true", async () => {
	const processor = await system.part("processor");
	expect(processor).toMatchObject({ state: "running", restarts: 0 });
	const result = await waitFor("applied records", async () => {
		const { stdout } = await system.command("audit", "--json");
		const audit = JSON.parse(stdout);
		return audit.counts?.applied > 10 ? audit : undefined;
	});
	expect(result).toMatchObject({ result: "clean" });
});

test("doctor names the Java that is used", async () => {
	const { code, stdout } = await system.command("doctor");
	expect(stdout).toMatch(/✓ java: (17|18|19|20|21)\./);
	expect(code, stdout).toBe(0);
});
