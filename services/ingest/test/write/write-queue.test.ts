import { VirtualTime } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import {
	type Job,
	outgoingOf,
	type Waiting,
	WriteQueue,
} from "../../src/write/write-queue.ts";

const job = (name: string, records = 1): Job => ({
	outgoing: new Map([
		["t", [{ partition: 0, key: null, value: name, timestamp: 0 }]],
	]),
	records,
	bytes: 10,
});
const namesOf = (group: readonly Waiting[]) =>
	outgoingOf(group)
		.get("t")
		?.map(({ value }) => value);

test("takes what fits into a transaction, in order; one job at least", () => {
	const queue = new WriteQueue(new VirtualTime());
	void queue.add(job("a", 15_000), {});
	void queue.add(job("b", 5_000), {});
	void queue.add(job("c", 30_000), {});
	expect(namesOf(queue.take(0))).toEqual(["a", "b"]);
	expect(namesOf(queue.take(0))).toEqual(["c"]);
	expect(queue.take(0)).toEqual([]);
});

test("a job that wants it is alone, wherever it stands", () => {
	const queue = new WriteQueue(new VirtualTime());
	void queue.add(job("a"), {});
	void queue.add(job("b"), { alone: true });
	void queue.add(job("c"), {});
	expect([0, 0, 0].map(() => namesOf(queue.take(0)))).toEqual([
		["a"],
		["b"],
		["c"],
	]);
});

test("a job of another session is given back", async () => {
	const queue = new WriteQueue(new VirtualTime());
	const old = queue.add(job("a"), { session: 1 });
	void queue.add(job("b"), { session: 2 });
	const given = expect(old).rejects.toMatchObject({ reason: "other-session" });
	expect(namesOf(queue.take(2))).toEqual(["b"]);
	await given;
});

test("a job waits only as long as it may", async () => {
	const time = new VirtualTime();
	const queue = new WriteQueue(time);
	const waited = expect(queue.add(job("a"), { waitMs: 100 })).rejects;
	const taken = queue.add(job("b"), { waitMs: 200 });
	await time.runUntil(() => false, 100);
	await waited.toMatchObject({ reason: "waited" });
	const [b] = queue.take(0);
	await time.runUntil(() => false, 1_000);
	b?.done.resolve();
	await taken;
});
