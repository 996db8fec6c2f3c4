/** Reading a state from a running stage: committed, never of a process that may be replaced. */
import { expect, test } from "vitest";
import type { GroupMember, Log } from "../src/log.ts";
import { ownAddress } from "../src/own-address.ts";
import type { StateRead } from "../src/stage/read-state.ts";
import { StageWorld } from "./stage-world.ts";

/** The log, as one on which transactions with outputs wait. */
const waitingAt = (log: Log, gate: Promise<void>): Log => ({
	...log,
	transactionalProducer: (id, timeoutMs) => {
		const producer = log.transactionalProducer(id, timeoutMs);
		return {
			transact: async (records) => {
				if (records.has("output")) await gate;
				return producer.transact(records);
			},
			close: () => producer.close(),
		};
	},
});

test("waits for the transaction in progress", async () => {
	const w = new StageWorld();
	const gate = Promise.withResolvers<void>();
	const { stage, stop } = w.start({ log: waitingAt(w.log, gate.promise) });
	await w.until(() => stage.notReady() === undefined);
	expect(await stage.read("a")).toEqual({
		where: "here",
		partition: 0,
		state: null,
		position: [0],
		lag: 0,
	});
	w.write("input", "a", "b");
	await w.pass(500);
	let read: StateRead | undefined;
	stage.read("a").then((found) => {
		read = found;
	});
	await w.pass(500);
	expect(read).toBeUndefined();
	expect(w.outputs()).toEqual([]);
	gate.resolve();
	await w.until(() => read !== undefined);
	expect(read).toMatchObject({ where: "here", state: "1", position: [2] });
	expect(w.outputs()).toEqual(["a1", "b1"]);
	await stop();
});

test("says nothing before it is ready, nor while the group is out of reach", async () => {
	const w = new StageWorld();
	let silentSince: number | undefined;
	const log = w.logWith((member: GroupMember) => {
		const alive = member.lastSignOfLife.bind(member);
		member.lastSignOfLife = () => silentSince ?? alive();
	});
	const { stage, stop } = w.start({ log });
	expect(await stage.read("a")).toMatchObject({ where: "unknown" });
	w.write("input", "a");
	await w.until(() => w.outputs().length === 1);
	expect(await stage.read("a")).toMatchObject({ where: "here", state: "1" });
	silentSince = w.time.now() - 6_000;
	expect(await stage.read("a")).toMatchObject({
		where: "unknown",
		reason: "the group was not reached for 6000 ms",
	});
	await stop();
});

test("processes learn each other's addresses from the group", async () => {
	const w = new StageWorld();
	const first = w.start({ address: "http://one:1" });
	await w.until(() => first.stage.notReady() === undefined);
	const second = w.start({ address: "http://two:2" });
	await w.until(() => second.stage.notReady() === undefined, 30_000);
	await w.pass(1_000);
	expect(await first.stage.addresses()).toEqual(["http://two:2"]);
	expect(await second.stage.addresses()).toEqual(["http://one:1"]);
	await first.stop();
	await second.stop();
});

test("an address is one that others can reach, unless the service listens for itself only", () => {
	expect(ownAddress("127.0.0.1", 80)).toBe("http://127.0.0.1:80");
	expect(ownAddress("fd00::1", 80)).toBe("http://[fd00::1]:80");
	expect(ownAddress("0.0.0.0", 80)).toMatch(/^http:\/\/\S+:80$/);
});
