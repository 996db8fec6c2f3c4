/**
 * The `fireworks` command on a system with a device whose every tick is refused: status, doctor and
 * audit name it, reset clears it.
 */
import { partitionOf } from "@fireworks/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testLog } from "../harness/stream.ts";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

const DEVICE = "device-0001";
let system: System;
beforeAll(async () => {
	system = await System.create({ FIREWORKS_METRONOME_INTERVAL_MS: "200" });
	await system.up();
});
afterAll(() => system.remove());

test("it is named until it is reset", async () => {
	const log = testLog(system.brokers);
	try {
		await log.append("metronome", {
			partition: partitionOf(Buffer.from(DEVICE), 4),
			key: DEVICE,
			value: JSON.stringify({
				deviceId: DEVICE,
				seq: 1_000_000,
				timestamp: Date.UTC(2036, 1, 12),
				drift: 0,
				volatility: 1,
			}),
			timestamp: Date.now(),
		});
		await log.append("metronome", {
			partition: partitionOf(Buffer.from(DEVICE), 4),
			key: DEVICE,
			value: JSON.stringify({
				deviceId: DEVICE,
				seq: 1_000_001,
				timestamp: Date.UTC(2026, 1, 12),
				drift: 0,
				volatility: 1,
			}),
			timestamp: Date.now(),
		});
	} finally {
		await log.close();
	}
	const sentence = `${DEVICE} is refused on every tick: time-not-increasing, waits for a time after 2036-02-12T00:00:00.000Z`;
	await waitFor("status to name it", async () =>
		(await system.command("status")).stdout.includes(sentence),
	);
	const { parts } = JSON.parse(
		(await system.command("status", "--json")).stdout,
	);
	expect(
		parts.find((part: { name: string }) => part.name === "processor"),
	).toMatchObject({
		state: "running",
		refusedTotal: 1,
		refused: [{ key: DEVICE, code: "time-not-increasing" }],
	});
	expect((await system.command("doctor")).stdout).toContain(sentence);
	const audit = await system.command("audit");
	expect(audit.code).toBe(0);
	expect(audit.stdout).toContain(`${DEVICE} is refused on every tick`);

	const reset = await system.command("reset", "processor", "--key", DEVICE);
	expect(reset, reset.stderr).toMatchObject({ code: 0 });
	await waitFor(
		"status to be quiet",
		async () => !(await system.command("status")).stdout.includes("refused"),
	);
	const after = await system.command("audit");
	expect(after.code).toBe(0);
	expect(after.stdout).toContain("1 resets");
	expect((await system.part("processor")).restarts).toBe(0);
});

test("a key that cannot be reset is reported", async () => {
	const unknown = await system.command("reset", "processor", "--key", "x");
	expect(unknown).toMatchObject({ code: 1 });
	expect(unknown.stdout).toContain("x has no state");
	const stage = await system.command("reset", "metronome", "--key", DEVICE);
	expect(stage).toMatchObject({ code: 64 });
	expect(stage.stderr).toContain('There is no stage "metronome"');
});
