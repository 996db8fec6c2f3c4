/**
 * Resets a key while its stage runs: exactly one state is cleared, once, and the stage continues.
 */
import { expect, test } from "vitest";
import { DeadLetter } from "../src/errors.ts";
import { resetKey } from "../src/stage/reset-key.ts";
import { counting, StageWorld, topics } from "./stage-world.ts";

const reset = (world: StageWorld, key: string) => {
	const done: {
		value?: Awaited<ReturnType<typeof resetKey>>;
		error?: unknown;
	} = {};
	const ended = resetKey({
		log: world.log,
		output: topics.output.name,
		changelog: topics.changelog.name,
		partition: 0,
		key,
		owner: "test",
		transactionTimeoutMs: 10_000,
		restoreTimeoutMs: 10_000,
		signal: new AbortController().signal,
		clock: world.time,
	}).then(
		(value) => Object.assign(done, { value, ended: true }),
		(error: unknown) => Object.assign(done, { error, ended: true }),
	);
	return { done: done as typeof done & { ended?: true }, ended };
};

const changelogKeys = (world: StageWorld) =>
	world
		.committed("changelog")
		.map(({ key, value }) => [
			String(key),
			value === null ? null : String(value),
		]);

test("the key begins again, the others go on, and the stage does not end", async () => {
	const world = new StageWorld();
	const started = world.start();
	world.write("input", "a", "b", "a", "b");
	await world.until(() => world.outputs().length === 4);
	const { done } = reset(world, "a");
	await world.until(() => done.ended === true);
	expect(done.value).toEqual({ text: "2", next: 4 });
	expect(changelogKeys(world)).toContainEqual(["s/a", null]);
	expect(changelogKeys(world)).toContainEqual(["reset/a", '{"at":["4"]}']);
	world.write("input", "a", "b", "a");
	await world.until(() => world.outputs().length === 7, 60_000);
	expect(world.outputs()).toEqual(["a1", "b1", "a2", "b2", "a1", "b3", "a2"]);
	expect(started.outcome).toEqual({});
	await started.stop();
});

test("a second reset is kept next to the first, and a restart knows them", async () => {
	const world = new StageWorld();
	const first = world.start();
	world.write("input", "a", "b");
	await world.until(() => world.outputs().length === 2);
	await first.stop();
	for (const next of [2, 3]) {
		const { done } = reset(world, "a");
		await world.until(() => done.ended === true);
		expect(done.value).toMatchObject({ next });
		const again = world.start();
		world.write("input", "a");
		await world.until(() => world.outputs().length === next + 1, 60_000);
		await again.stop();
	}
	expect(world.outputs()).toEqual(["a1", "b1", "a1", "a1"]);
	expect(changelogKeys(world)).toContainEqual(["reset/a", '{"at":["2","3"]}']);
});

test("a key without a state is left alone", async () => {
	const world = new StageWorld();
	const started = world.start();
	world.write("input", "a");
	await world.until(() => world.outputs().length === 1);
	const { done } = reset(world, "b");
	await world.until(() => done.ended === true);
	expect(done).toEqual({ ended: true, value: undefined });
	expect(changelogKeys(world).map(([key]) => key)).not.toContain("reset/b");
	world.write("input", "a");
	await world.until(() => world.outputs().length === 2, 60_000);
	expect(world.outputs()).toEqual(["a1", "a2"]);
	await started.stop();
});

test("a key that is refused on every record is shown until one is taken, and logged at most once a minute", async () => {
	const world = new StageWorld();
	let refuses = true;
	const stage = {
		...counting,
		step: (n = 0, value: string) => {
			if (refuses && value === "a")
				throw new DeadLetter("no-a", "a is refused", "better times");
			return { state: n + 1, outputs: [`${value}${n + 1}`] };
		},
	};
	const started = world.start({ stage });
	const logged = () =>
		world.warnings.filter((fields) => "refusedKeys" in fields);
	for (let i = 0; i < 20; i++) {
		world.write("input", "a", "b");
		await world.until(() => world.outputs().length === i + 1);
	}
	expect(started.stage.refused()).toMatchObject({
		total: 1,
		keys: [{ key: "a", code: "no-a", waitsFor: "better times", records: 20 }],
	});
	expect(await started.metric("refused_keys")).toBe(1);
	expect(logged()).toHaveLength(1);
	expect(logged()[0]?.examples).toEqual([
		"a (partition 0, offset 0): no-a, a is refused; waits for better times",
	]);
	await world.pass(60_000);
	world.write("input", "a");
	await world.until(() => logged().length === 2);
	expect(logged()[1]).toMatchObject({ records: { "no-a": 20 } });
	refuses = false;
	world.write("input", "a");
	await world.until(() => world.outputs().includes("a1"));
	expect(started.stage.refused()).toEqual({ total: 0, keys: [] });
	expect(await started.metric("refused_keys")).toBe(0);
	await started.stop();
});
