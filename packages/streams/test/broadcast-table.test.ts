/** The broadcast table of a running stage: when it is read, and when the stage must not go on. */
import { expect, test } from "vitest";
import type { Log } from "../src/log.ts";
import { TABLE_ROWS_MAX } from "../src/stage/broadcast-table.ts";
import type { Stage } from "../src/stage/stage.ts";
import { topicSpec } from "./contract/log-under-test.ts";
import { counting, StageWorld } from "./stage-world.ts";

/** Copies each record with the row of its key. */
const looking: Stage<string, number, string> = {
	...counting,
	step: (_state, value, { broadcast }) => ({
		outputs: [`${value}=${broadcast.get(value) ?? "none"}`],
	}),
	broadcast: {
		topic: "rows",
		decode: ({ value }) => (value === null ? null : String(value)),
	},
};

const world = (): StageWorld => {
	const made = new StageWorld();
	made.broker.topics.ensure([topicSpec({ name: "rows", partitions: 2 })]);
	return made;
};
const put = (
	{ broker }: StageWorld,
	key: string,
	value: string | null,
	partition = 0,
) =>
	broker.topics.append("rows", partition, [
		{ partition, key, value, timestamp: 0 },
	]);
/** The log, as one on which reading the table takes this long. */
const slowRows = (w: StageWorld, ms: number): Log => ({
	...w.log,
	read: async (options) => {
		await w.time.sleep(ms);
		return w.log.read(options);
	},
});

test("waits for its table, and creates nothing before it is there", async () => {
	const w = new StageWorld();
	const process = w.start({ stage: looking });
	await w.until(() => w.warnings.length > 0);
	expect(w.warnings[0]).toMatchObject({ code: "topic-absent" });
	expect(w.broker.topics.topicId("output")).toBeUndefined();
	w.broker.topics.ensure([topicSpec({ name: "rows", partitions: 2 })]);
	put(w, "a", "1", 1);
	w.write("input", "a");
	await w.until(() => w.outputs().length === 1, 30_000);
	expect(w.outputs()).toEqual(["a=1"]);
	await process.stop();
});

test("reads the table to its end before the first record, past the end of a transaction", async () => {
	const w = world();
	put(w, "a", "old");
	put(w, "a", "new");
	put(w, "b", "1", 1);
	put(w, "gone", "1");
	put(w, "gone", null);
	const producer = w.log.transactionalProducer("rows", 60_000);
	await producer.transact(
		new Map([["rows", [{ partition: 0, key: "c", value: "1", timestamp: 0 }]]]),
	);
	w.write("input", "a", "b", "c", "gone");
	const process = w.start({ stage: looking, log: slowRows(w, 3_000) });
	await w.pass(2_000);
	expect(w.outputs()).toEqual([]);
	await w.until(() => w.outputs().length === 4);
	expect(w.outputs()).toEqual(["a=new", "b=1", "c=1", "gone=none"]);
	expect(await process.metric("table_rows")).toBe(3);
	expect(process.stage.table()).toMatchObject({ rows: 3 });
	await process.stop();
});

test("takes changes as they come, and drops a table that was deleted and created again", async () => {
	const w = world();
	put(w, "a", "1");
	put(w, "b", "1");
	const process = w.start({ stage: looking });
	w.write("input", "a");
	await w.until(() => w.outputs().length === 1);
	put(w, "a", "2");
	await w.pass(100);
	w.write("input", "a");
	await w.until(() => w.outputs().length === 2);
	w.broker.topics.remove("rows");
	w.broker.topics.ensure([topicSpec({ name: "rows", partitions: 2 })]);
	put(w, "a", "3");
	await w.until(() =>
		w.warnings.some(({ reason }) => /created again/.test(String(reason))),
	);
	await w.until(() => process.stage.notReady() === undefined);
	w.write("input", "a", "b");
	await w.until(() => w.outputs().length === 4);
	expect(w.outputs()).toEqual(["a=1", "a=2", "a=3", "b=none"]);
	await process.stop();
});

test("a process that takes over has all that the earlier one has seen", async () => {
	const w = world();
	put(w, "a", "1");
	const first = w.start({ stage: looking, groupId: "one" });
	w.write("input", "a");
	await w.until(() => w.outputs().length === 1);
	put(w, "a", "2");
	await w.pass(100);
	w.write("input", "a");
	await w.until(() => w.outputs().length === 2);
	const second = w.start({
		stage: looking,
		groupId: "two",
		log: slowRows(w, 5_000),
	});
	w.write("input", "a");
	await w.until(() => second.stage.notReady() === undefined, 30_000);
	w.write("input", "a");
	await w.until(() => w.outputs().length === 4, 30_000);
	expect(w.outputs()).toEqual(["a=1", "a=2", "a=2", "a=2"]);
	await first.stop();
	await second.stop();
});

test("a stage whose table is too large stops and says so", async () => {
	const w = world();
	const records = Array.from({ length: TABLE_ROWS_MAX + 1 }, (_, i) => ({
		partition: 0,
		key: `key ${i}`,
		value: "1",
		timestamp: 0,
	}));
	w.broker.topics.append("rows", 0, records);
	const { outcome } = w.start({ stage: looking });
	await w.until(() => outcome.error !== undefined);
	expect(outcome.error).toMatchObject({
		code: "table-too-large",
		message: expect.stringContaining("joinTable"),
	});
});

test("two programs of one name with other tables do not share a group", async () => {
	const w = world();
	w.broker.topics.ensure([topicSpec({ name: "others", partitions: 1 })]);
	const first = w.start({ stage: looking });
	await w.until(() => first.stage.notReady() === undefined);
	const other = { topic: "others", decode: () => null };
	const { outcome } = w.start({ stage: { ...looking, broadcast: other } });
	await w.until(() => outcome.error !== undefined, 30_000);
	expect(outcome.error).toMatchObject({ code: "stage-name-taken" });
	await first.stop();
});
