/** `fireworks dev`: saves of good and bad files while records flow, on a clone of its own. */
import { spawn } from "node:child_process";
import type { Log } from "@fireworks/streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	countingPipeline,
	type PipelineClone,
	pipelineClone,
} from "../harness/pipeline-clone.ts";
import { readTopic, testLog } from "../harness/stream.ts";
import { System } from "../harness/system.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";

let clone: PipelineClone;
let system: System;
let log: Log;
beforeAll(async () => {
	clone = pipelineClone();
	clone.write("mine", countingPipeline("mine", 2));
	system = await System.create({}, clone.cli);
	await system.up();
	log = testLog(system.brokers);
});
afterAll(async () => {
	await log?.close();
	await system?.remove();
	clone?.remove();
});

const products = async (atLeast: number) =>
	(await readTopic(log, "mine-products", (all) => all.length >= atLeast)).map(
		({ value }) => JSON.parse(String(value)).n as number,
	);

function startDev() {
	const child = spawn(process.execPath, [clone.cli, "dev", "mine"], {
		env: { ...process.env, ...system.environment },
		stdio: ["ignore", "pipe", "inherit"],
	});
	let printed = "";
	child.stdout.on("data", (text) => {
		printed += text;
	});
	const ended = new Promise<number | null>((resolve) =>
		child.once("close", resolve),
	);
	/** Waits for a text, and forgets what was printed up to its end. */
	const prints = async (text: string) => {
		await waitFor(`dev to print ${text}`, () => {
			if (child.exitCode !== null) throw new Error(printed);
			return printed.includes(text);
		});
		printed = printed.slice(printed.indexOf(text) + text.length);
	};
	return { child, ended, prints };
}

test("a good save takes over; a bad one is said, and the last good version goes on; the system stays up", async () => {
	const { child, ended, prints } = startDev();
	try {
		await prints("Watching pipelines/mine");
		await products(3);
		clone.write("mine", countingPipeline("mine", 3));
		await prints("✓ mine runs as it is now");
		const all = await waitForValue(
			"tripled numbers",
			() => products(1),
			(found) => found.some((n, i) => n === 3 * (i + 1)),
		);
		// The position is kept: no number is missing, and none comes twice.
		const at = all.findIndex((n, i) => n === 3 * (i + 1));
		expect(all).toEqual(all.map((_, i) => (i < at ? 2 : 3) * (i + 1)));

		const { pid } = await system.part("mine");
		clone.write("mine", "const a: = 3;");
		await prints("does not build. The last good version goes on");
		await prints("pipelines/mine/pipeline.ts:1:9");
		clone.write("mine", 'throw new Error("a mistake in it");');
		await prints("a mistake in it");
		expect(await system.part("mine")).toMatchObject({ pid, state: "running" });
		const so = (await products(1)).length;
		await products(so + 1);

		clone.write(
			"mine",
			`${countingPipeline("mine", 3)}\nconst wrong: string = 5;\nexport { wrong };`,
		);
		await prints("✓ mine runs as it is now");
		await prints("mine has type errors");
		await prints("Type 'number' is not assignable to type 'string'");
		child.kill("SIGINT");
		expect(await ended).toBe(0);
		expect((await system.part("mine")).state).toBe("running");
	} finally {
		child.kill("SIGKILL");
	}
});
