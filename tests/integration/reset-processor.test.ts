/** `fireworks reset processor` on a running local system: the paths are computed again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitForValue } from "../harness/wait-for.ts";

let system: System;
beforeAll(async () => {
	system = await System.create({ FIREWORKS_METRONOME_INTERVAL_MS: "200" });
	await system.up();
});
afterAll(() => system.remove());

const records = async (): Promise<number> => {
	const { stdout } = await system.command("stages", "--json");
	const { stages } = JSON.parse(stdout);
	const processor = stages.find(
		(s: { name: string }) => s.name === "processor",
	);
	return processor.positions.reduce(
		(sum: number, { next }: { next: number | null }) => sum + (next ?? 0),
		0,
	);
};

test("refused while it runs; with --restart it starts over from all ticks, and the audit is clean", async () => {
	await waitForValue("ticks to be processed", records, (count) => count > 50);
	const reset = (...args: string[]) =>
		system.command("reset", "processor", "--from", "earliest", ...args);
	const refused = await reset();
	expect([refused.code, refused.stderr]).toEqual([
		1,
		expect.stringContaining("Not reset: processor runs."),
	]);
	const before = await system.part("processor");
	const done = await reset("--restart");
	expect([done.code, done.stdout + done.stderr]).toEqual([
		0,
		expect.stringContaining("processor: reset."),
	]);
	expect((await system.part("processor")).pid).not.toBe(before.pid);
	const { code, stdout } = await waitForValue(
		"the audit to have a result",
		() => system.command("audit", "--json"),
		({ stdout }) => JSON.parse(stdout).counts?.applied > 50,
	);
	expect([code, JSON.parse(stdout).findings]).toEqual([0, []]);
	// The first tick that the topic holds is applied again.
	const { stdout: first } = await system.command(
		...["tail", "wiener", "--key", "device-0001"],
		...["--from", "beginning", "--limit", "1", "--json"],
	);
	expect(JSON.parse(first).value).toMatchObject({ seq: 0, value: 0 });
});
