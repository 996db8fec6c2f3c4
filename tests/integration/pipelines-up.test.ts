/**
 * `fireworks up` with pipelines: one that works, and others that do not, on a clone whose
 * pipelines/ folder is the test's own. The tests of the running system are independent.
 */
import type { Log } from "@fireworks/streams";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	countingPipeline,
	type PipelineClone,
	pipelineClone,
} from "../harness/pipeline-clone.ts";
import { readTopic, testLog } from "../harness/stream.ts";
import { System } from "../harness/system.ts";
import { waitForValue } from "../harness/wait-for.ts";

const BUILT_IN = ["kafka", "metronome", "processor", "middleware", "dashboard"];
const ONLY_STREAMS = `
import { definePipeline, defineStream } from "@fireworks/pipeline";
import { z } from "zod";
export default definePipeline({ name: "quiet", streams: [
	defineStream({ name: "quiet", schema: z.object({ at: z.int() }), time: { path: "at", unit: "ms" } }),
] });
`;

const numbers = async (log: Log, topic: string, atLeast: number) =>
	(await readTopic(log, topic, (all) => all.length >= atLeast)).map(
		({ value }) => JSON.parse(String(value)).n as number,
	);
const states = async (system: System) =>
	(await system.parts()).map(({ name, state }) => [name, state]);

describe("a running system", () => {
	let clone: PipelineClone;
	let system: System;
	let log: Log;
	let said: string;
	beforeAll(async () => {
		clone = pipelineClone();
		clone.write("good", countingPipeline("good", 2));
		clone.write("broken", "const a: = 3;");
		clone.write("quiet", ONLY_STREAMS);
		clone.write("kafka", countingPipeline("kafka", 1));
		clone.write("No_Name", countingPipeline("good", 1));
		system = await System.create({}, clone.cli);
		said = await system.up();
		log = testLog(system.brokers);
	});
	afterAll(async () => {
		await log?.close();
		await system?.remove();
		clone.remove();
	});
	/** Waits, because other tests restart parts. */
	const stateOf = (name: string, state: string) =>
		waitForValue(
			`${name} to be ${state}`,
			async () => (await system.part(name)).state,
			(now) => now === state,
		);

	test("up says which pipelines do not run and why, and goes on", async () => {
		expect(said).toContain("Fireworks is up");
		expect(said).toContain(
			'broken failed; `fireworks restart broken` tries again: it does not build: pipelines/broken/pipeline.ts:1:9: Unexpected "="',
		);
		expect(said).toContain(
			"pipelines/kafka cannot start: a part of the system is named kafka",
		);
		expect(said).toContain("pipelines/No_Name cannot start: its name must be");
	});

	test("status, doctor and logs know them; one with only streams needs no process", async () => {
		await stateOf("good", "running");
		const now = (await states(system)).slice(0, 7);
		expect(now).toEqual([
			...BUILT_IN.map((name) => [name, "running"]),
			["broken", "failed"],
			["good", "running"],
		]);
		const { stdout } = await system.command("status");
		expect(stdout).toContain("broken failed");
		expect(stdout).toContain("const a: = 3");
		expect(stdout).toContain("quiet has only streams");
		const doctor = await system.command("doctor");
		expect(doctor.code).toBe(1);
		expect(doctor.stdout).toMatch(/✗ broken: failed: it does not build/);
		expect(doctor.stdout).toMatch(/✗ pipelines\/kafka: it cannot start/);
		const logs = async (name: string) =>
			(await system.command("logs", name)).stdout;
		expect(await logs("broken")).toContain("pipelines/broken/pipeline.ts:1:9");
		expect(await logs("good")).toContain("the partition is running");
		expect(await logs("quiet")).toContain("published to the catalog");
		expect((await system.command("logs", "moon")).code).toBe(64);
	});

	test("it transforms; up says that a changed folder needs a restart, which loses and doubles nothing", async () => {
		const doubled = await numbers(log, "good-products", 5);
		expect(doubled.slice(0, 5)).toEqual([2, 4, 6, 8, 10]);
		clone.write("good", countingPipeline("good", 3));
		const again = await system.command("up", "--detach");
		expect(again.stdout).toContain("Fireworks is up already");
		expect(again.stdout).toContain(
			"good has changed since it was started: `fireworks restart good`",
		);
		const restarted = await system.command("restart", "good");
		expect(restarted, restarted.stderr).toMatchObject({ code: 0 });
		expect((await system.command("status")).stdout).not.toContain(
			"good has changed",
		);
		const all = await waitForValue(
			"tripled numbers",
			() => numbers(log, "good-products", 1),
			(found) => found.some((n, i) => n === 3 * (i + 1)),
		);
		const at = all.findIndex((n, i) => n === 3 * (i + 1));
		expect(all).toEqual(all.map((_, i) => (i < at ? 2 : 3) * (i + 1)));
	});

	test("a new folder starts with up; what it throws is said; fixed, it starts; removed, it runs on until down", async () => {
		const others = async () =>
			(await system.parts())
				.filter(({ name }) => BUILT_IN.includes(name))
				.map(({ pid }) => pid);
		const before = await others();
		clone.write("late", 'throw new Error("a mistake in it");');
		const up = await system.command("up", "--detach");
		expect(up.code).toBe(0);
		expect(up.stdout).toContain("late failed");
		expect(up.stdout).toContain("does not load: a mistake in it");
		const still = await system.command("restart", "late");
		expect(still).toMatchObject({ code: 1 });
		expect(still.stderr).toContain("a mistake in it");
		clone.write("late", countingPipeline("other", 1));
		const misnamed = await system.command("restart", "late");
		expect(misnamed.stderr).toContain('defines the pipeline "other"');
		clone.write("late", countingPipeline("late", 1));
		expect((await system.command("restart", "late")).code).toBe(0);
		expect(await numbers(log, "late-products", 2)).toContain(2);
		clone.drop("late");
		const { stdout, code } = await system.command("status");
		expect(code).toBe(0);
		expect(stdout).toContain("pipelines/late is gone; late runs on");
		const gone = await system.command("restart", "late");
		expect(gone.stderr).toContain("pipelines/late is gone");
		expect((await system.command("logs", "late")).code).toBe(0);
		expect(await others()).toEqual(before);
	});
});

test("one that starts only if it is named is remembered until down, which stops all, also one whose folder is gone", async () => {
	const clone = pipelineClone();
	clone.write("gone", countingPipeline("gone", 1));
	clone.write("asked", countingPipeline("asked", 1), "if-named");
	const system = await System.create({}, clone.cli);
	try {
		const said = await system.up("--pipeline", "asked");
		expect(said).not.toContain("cannot start");
		const moon = await system.command("up", "--detach", "--pipeline", "moon");
		expect(moon).toMatchObject({ code: 64 });
		expect(moon.stderr).toContain('There is no pipeline "moon": asked, gone.');
		clone.drop("gone");
		const parts = await system.parts();
		expect(parts.map(({ name }) => name)).toEqual([
			...BUILT_IN,
			"asked",
			"gone",
		]);
		expect((await system.command("down")).code).toBe(0);
		for (const { pid } of parts)
			if (pid !== null) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
		expect(new Set((await states(system)).map(([, state]) => state))).toEqual(
			new Set(["stopped"]),
		);
		expect(await system.up()).toContain(
			"asked starts only if it is named: `fireworks up --pipeline asked`",
		);
		expect((await states(system)).map(([name]) => name)).toEqual(BUILT_IN);
	} finally {
		await system.remove();
		clone.remove();
	}
});
