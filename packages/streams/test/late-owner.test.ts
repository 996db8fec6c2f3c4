/**
 * A process that was replaced before it wrote anything sees the work of a later owner. It must not
 * take that for a fault of the topics.
 */
import { expect, test } from "vitest";
import type { Log } from "../src/log.ts";
import { counting, StageWorld } from "./stage-world.ts";

/** A log that delays its answer about a topic's offsets once a condition holds. */
function slowOffsets(log: Log, topic: string, from = () => true) {
	const gate = Promise.withResolvers<void>();
	let asked = false;
	const slow: Log = {
		...log,
		offsets: async (name) => {
			if (name === topic && from()) {
				asked = true;
				await gate.promise;
			}
			return log.offsets(name);
		},
	};
	return { log: slow, asked: () => asked, answer: gate.resolve };
}

test("outputs of a later owner are not foreign records", async () => {
	const world = new StageWorld();
	world.write("input", "a");
	const slow = slowOffsets(
		world.log,
		"output",
		() => world.committed("changelog").length > 0,
	);
	const stage = { ...counting, sameKey: true };
	const first = world.start({ groupId: "first", log: slow.log, stage });
	await world.until(slow.asked);
	const second = world.start({ groupId: "second" });
	await world.until(() => world.committed("output").length > 0);
	await second.stop();
	slow.answer();
	await world.until(() => world.warnings.some((w) => w.code === "fenced"));
	expect(first.outcome).toEqual({});
	await first.stop();
	expect(world.outputs()).toEqual(["a1"]);
});

test("outputs that another process writes while the topics are checked are not foreign", async () => {
	const world = new StageWorld();
	world.write("input", "a");
	const slow = slowOffsets(world.log, "output");
	const first = world.start({ groupId: "first", log: slow.log });
	await world.until(slow.asked);
	const second = world.start({ groupId: "second" });
	await world.until(() => world.committed("output").length > 0);
	slow.answer();
	await world.until(() => first.stage.notReady() === undefined);
	expect(first.outcome).toEqual({});
	await first.stop();
	await second.stop();
});

test("input that a later owner has processed, and retention has deleted, is not lost", async () => {
	const world = new StageWorld();
	world.write("input", "a");
	// An earlier run writes the position, so that the first process below restores it.
	const earlier = world.start();
	await world.until(() => world.outputs().length === 1);
	await earlier.stop();
	const barriers = () =>
		world.committed("changelog").filter((r) => String(r.key) === "barrier");
	const slow = slowOffsets(world.log, "input", () => barriers().length > 1);
	const first = world.start({ groupId: "first", log: slow.log });
	await world.until(slow.asked);
	world.write("input", "b");
	const second = world.start({ groupId: "second" });
	await world.until(() => world.outputs().length === 2);
	await second.stop();
	world.broker.topics.partition("input", 0).deleteBelow(2);
	slow.answer();
	await world.pass(5_000);
	expect(first.outcome).toEqual({});
	expect(await first.metric("records_lost_to_retention_total")).toBe(0);
	await first.stop();
});
