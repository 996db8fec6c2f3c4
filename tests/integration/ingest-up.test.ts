/**
 * `fireworks up --ingest`: services/ingest as a part of the local system, added while the system
 * runs, killed, and started again by a later `up` until `down`.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	type PipelineClone,
	pipelineClone,
} from "../harness/pipeline-clone.ts";
import { readTopic, testLog } from "../harness/stream.ts";
import { System } from "../harness/system.ts";
import { waitForValue } from "../harness/wait-for.ts";

const BUILT_IN = ["kafka", "metronome", "processor", "middleware", "dashboard"];
const SENSORS = `
import { definePipeline, defineStream } from "@fireworks/pipeline";
import { z } from "zod";
export default definePipeline({ name: "sensors", streams: [
	defineStream({ name: "sensors", schema: z.object({ at: z.int() }), time: { path: "at", unit: "ms" } }),
] });
`;

let clone: PipelineClone;
let system: System;
beforeAll(async () => {
	clone = pipelineClone();
	clone.write("sensors", SENSORS);
	system = await System.create({ FIREWORKS_INGEST_PORT: "0" }, clone.cli);
	await system.up();
});
afterAll(async () => {
	await system?.remove();
	clone?.remove();
});

/** Without the pipeline, which is shown until it has published its streams. */
const names = async () =>
	(await system.parts())
		.map(({ name }) => name)
		.filter((name) => name !== "sensors");

/** Sends a record again and again until it is answered, as a client has to. */
async function send(at: number): Promise<void> {
	const { http } = (await system.part("ingest")).ports;
	const headers = {
		"content-type": "application/json",
		"idempotency-key": randomUUID(),
	};
	await waitForValue(
		`record ${at} to be written`,
		() =>
			fetch(`http://127.0.0.1:${http}/streams/sensors`, {
				method: "POST",
				headers,
				body: JSON.stringify({ at }),
			}).then(
				({ status }) => status,
				() => 0,
			),
		(status) => status === 200,
	);
}

test("it runs only if it is asked for, survives kill -9, and is started again until down", async () => {
	expect(await names()).toEqual(BUILT_IN);
	const added = await system.command("up", "--detach", "--ingest");
	expect(added, added.stderr).toMatchObject({ code: 0 });
	expect(added.stdout).toContain("Fireworks is up already");
	const first = await system.part("ingest");
	expect(first).toMatchObject({ state: "running", restarts: 0 });
	await send(1);

	process.kill(first.pid as number, "SIGKILL");
	await send(2);
	const second = await waitForValue(
		"ingest to run again",
		() => system.part("ingest"),
		({ state, pid }) => state === "running" && pid !== first.pid,
	);
	expect(second.restarts).toBe(1);

	const restarted = await system.command("restart", "ingest");
	expect(restarted, restarted.stderr).toMatchObject({ code: 0 });
	expect((await system.command("logs", "ingest")).stdout).toContain(
		'"service":"ingest"',
	);
	const doctor = await system.command("doctor");
	expect(doctor.code, doctor.stdout).toBe(0);

	// The supervisor is killed, and what it left over is replaced.
	const state = readFileSync(join(system.stateDir, "state.json"), "utf8");
	process.kill(JSON.parse(state).supervisor.pid, "SIGKILL");
	await system.up();
	expect(await names()).toEqual([...BUILT_IN, "ingest"]);
	await send(3);
	const log = testLog(system.brokers);
	const written = await readTopic(log, "sensors", (all) => all.length >= 3);
	await log.close();
	expect(written.map(({ value }) => JSON.parse(String(value)).at)).toEqual(
		expect.arrayContaining([1, 2, 3]),
	);
	expect(written).toHaveLength(3);

	const { pid } = await system.part("ingest");
	expect((await system.command("down")).code).toBe(0);
	expect(() => process.kill(pid as number, 0)).toThrow("ESRCH");
	await system.up();
	expect(await names()).toEqual(BUILT_IN);
});
