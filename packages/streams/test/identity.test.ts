/** Two programs that use one stage name for different stages. */
import { expect, test } from "vitest";
import type { StreamsError } from "../src/errors.ts";
import { topicSpec } from "./contract/log-under-test.ts";
import { counting, StageWorld, topics } from "./stage-world.ts";

const other = {
	...topics,
	output: topicSpec({ name: "other-output", partitions: 1 }),
	changelog: topicSpec({
		name: "other-changelog",
		partitions: 1,
		cleanup: "compact",
	}),
};

test.each([
	["another output", { topics: other }],
	["another configuration", { stage: { ...counting, config: { width: "2" } } }],
])(
	"the second program with %s stops, the first keeps its partition",
	async (_, change) => {
		const world = new StageWorld();
		const first = world.start();
		world.write("input", "a");
		await world.until(() => world.outputs().length === 1);
		const second = world.start(change);
		await world.until(() => "error" in second.outcome);
		const error = second.outcome.error as StreamsError;
		expect(error.code).toBe("stage-name-taken");
		expect(error.message).toContain("counting, from input to output");
		expect(error.message).toContain("Give this stage another name");
		world.write("input", "a");
		await world.until(() => world.outputs().length === 2);
		expect(await first.metric("joins_total")).toBe(1);
		await first.stop();
	},
);

test("of two that join at the same time one stops, and the other has all", async () => {
	const world = new StageWorld();
	const programs = [world.start(), world.start({ topics: other })];
	await world.until(() => programs.some(({ outcome }) => "error" in outcome));
	const left = programs.filter(({ outcome }) => !("error" in outcome));
	expect(left.length).toBe(1);
	world.write("input", "a");
	const outputs = () =>
		world.outputs().length + world.committed("other-output").length;
	await world.until(() => outputs() === 1, 30_000);
	await left[0]?.stop();
});

test("a second process of the same stage shares the group", async () => {
	const world = new StageWorld();
	const [first, second] = [world.start(), world.start()];
	await world.until(() => second.stage.notReady() === undefined);
	world.write("input", "a");
	await world.until(() => world.outputs().length === 1);
	expect([first.outcome, second.outcome]).toEqual([{}, {}]);
	await first.stop();
	await second.stop();
});
