/**
 * `up` on a broker that refuses to create the topics: its failure, `status` and `doctor` name the
 * topic and the reason, in the broker's words.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

let system: System;
beforeAll(async () => {
	system = await System.create({ FIREWORKS_REPLICATION_FACTOR: "3" });
});
afterAll(() => system.remove());

const WORDS = "Unable to replicate the partition 3 time(s)";

test("three replicas on one broker", async () => {
	const up = system.command("up", "--detach", "--timeout", "40");
	// While it is still retrying. A pipeline's last error, which has the same words, does not count:
	// it may be about to start again.
	await waitFor(
		"status to say so of a part that keeps trying",
		async () =>
			(await system.command("status")).stdout
				.split("\n")
				.some(
					(line) => line.includes("is not ready: ") && line.includes(WORDS),
				),
		60_000,
	);
	const doctor = await system.command("doctor");
	expect(doctor).toMatchObject({ code: 1 });
	expect(doctor.stdout).toContain(WORDS);
	const { code, stdout, stderr } = await up;
	expect(code).toBe(1);
	expect(stdout + stderr).toContain(WORDS);
	expect(stdout + stderr).toMatch(
		/Kafka refused to create the topic (metronome|wiener)/,
	);
	expect((await system.command("status")).stdout).toContain(WORDS);
});
