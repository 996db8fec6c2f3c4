/**
 * How the in-memory log behaves over time: sessions and transactions time out, and late markers
 * hold readers back. Under virtual time.
 */
import { describe, expect, test } from "vitest";
import { MemoryBroker } from "../../src/memory/broker.ts";
import { memoryLog } from "../../src/memory/memory-log.ts";
import type { Network } from "../../src/memory/network.ts";
import { VirtualTime } from "../../src/testing/virtual-time.ts";
import {
	RecordingMember,
	record,
	topicSpec,
} from "../contract/log-under-test.ts";

function setUp(options: { markerDelayMaxMs?: number } = {}) {
	const time = new VirtualTime();
	const broker = new MemoryBroker({ clock: time, ...options });
	broker.topics.ensure([topicSpec({ name: "t", partitions: 4 })]);
	const start = (network?: Network) => {
		const log = memoryLog({
			broker,
			...(network === undefined ? {} : { network }),
		});
		const member = new RecordingMember(log, "group", ["t"], 3_000);
		member.start();
		return member;
	};
	return { time, broker, log: memoryLog({ broker }), start };
}

/** A network that can be cut: after that no response comes back. */
function cuttable() {
	let cut = false;
	const network: Network = {
		request: async (_name, work) =>
			cut ? new Promise(() => {}) : await work(),
	};
	return {
		network,
		cut: () => {
			cut = true;
		},
	};
}

describe("the log in memory, as time goes by", () => {
	test("a silent member loses its partitions when its session is over, not before", async () => {
		const { time, start } = setUp();
		const wire = cuttable();
		const first = start(wire.network);
		const second = start();
		const shared = () =>
			first.partitions.length + second.partitions.length === 4;
		expect(
			await time.runUntil(
				() => shared() && second.partitions.length === 2,
				5_000,
			),
		).toBe(true);
		wire.cut();
		await time.runUntil(() => false, 2_000);
		expect(second.partitions.length).toBe(2);
		expect(
			await time.runUntil(() => second.partitions.length === 4, 2_500),
		).toBe(true);
	});

	test("a member that fell out joins again by itself, and learns its new partitions", async () => {
		const { time, broker, start } = setUp();
		const first = start();
		await time.runUntil(() => first.assignments.length === 1, 1_000);
		// Remove the member, as if its heartbeats had been late.
		const group = broker.group("group", ["t"]);
		const second = await Promise.race([
			group.join(undefined, 10_000),
			time.runUntil(() => false, 4_000),
		]);
		expect(second).toMatchObject({ partitions: expect.any(Array) });
		expect(
			await time.runUntil(() => first.partitions.length === 2, 5_000),
		).toBe(true);
	});

	test("a transaction that is open for too long is aborted, and its holder fenced", async () => {
		const { time, broker } = setUp();
		const { transactions } = broker;
		const epoch = transactions.newHolder("id", 1_000);
		transactions.addPartitions("id", epoch, [{ topic: "t", partition: 0 }]);
		transactions.produce("id", epoch, "t", 0, [record("open")]);
		await time.runUntil(() => false, 900);
		expect(broker.topics.offsets("t")?.[0]?.high).toBe(0);
		await time.runUntil(() => false, 200);
		expect(broker.topics.offsets("t")?.[0]?.high).toBe(2);
		expect(() => transactions.end("id", epoch, "committed")).toThrow(
			"INVALID_PRODUCER_EPOCH",
		);
	});

	test("until the last marker is there, the identity answers that it is busy", async () => {
		const { time, broker } = setUp({ markerDelayMaxMs: 500 });
		const { transactions } = broker;
		const epoch = transactions.newHolder("id", 1_000);
		const partitions = [0, 1, 2, 3].map((partition) => ({
			topic: "t",
			partition,
		}));
		transactions.addPartitions("id", epoch, partitions);
		for (const { partition } of partitions)
			transactions.produce("id", epoch, "t", partition, [
				record("x", { partition }),
			]);
		transactions.end("id", epoch, "committed");
		expect(() => transactions.newHolder("id", 1_000)).toThrow(
			"CONCURRENT_TRANSACTIONS",
		);
		await time.runUntil(() => false, 600);
		expect(broker.topics.offsets("t")?.map((r) => r.high)).toEqual([
			2, 2, 2, 2,
		]);
		expect(transactions.newHolder("id", 1_000)).toBe(epoch + 1);
	});
});
