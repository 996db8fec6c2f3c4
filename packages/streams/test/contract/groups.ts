/** The contract for group members. */
import { expect, test } from "vitest";
import type { Log } from "../../src/log.ts";
import {
	type LogUnderTest,
	leaveOpen,
	newTopic,
	RecordingMember,
	record,
	takeOver,
	until,
	values,
} from "./log-under-test.ts";

const fill = async (
	log: Log,
	topic: string,
	texts: string[],
	partition = 0,
) => {
	for (const text of texts)
		await log.append(topic, record(text, { partition }));
};

/** The values of a partition's records, in the order of arrival. */
const valuesOf = (member: RecordingMember, topic: string, partition = 0) =>
	member.batches
		.filter((b) => b.topic === topic && b.partition === partition)
		.flatMap((b) => values(b.records));

export function groupContract(use: () => LogUnderTest): void {
	const start = async (
		topics: string[],
		groupId: string,
		prepare: (member: RecordingMember) => void = () => {},
	) => {
		const { log, sessionTimeoutMs } = use();
		const member = new RecordingMember(log, groupId, topics, sessionTimeoutMs);
		prepare(member);
		await member.start();
		return member;
	};
	/** Starts each partition where its owner says, as the runtime does. */
	const fromTheStart = (topics: string[]) => (member: RecordingMember) => {
		member.onAssigned = (partitions) => {
			for (const topic of topics)
				for (const p of partitions) member.member.seek(topic, p, 0);
		};
	};

	test("one member gets every partition of all topics, from where it seeks, without a hole", async () => {
		const { log } = use();
		const [a, b] = [await newTopic(log), await newTopic(log)];
		await fill(log, a, ["a0", "a1", "a2"]);
		await fill(log, b, ["b0", "b1"], 1);
		const one = await start([a, b], `${a}-group`, fromTheStart([a, b]));
		expect(one.partitions).toEqual([0, 1]);
		const got = () => [valuesOf(one, a), valuesOf(one, b, 1)];
		await until("all records", () => got().flat().length >= 5);
		await fill(log, a, ["a3"]);
		await until("the last record", () => got().flat().length >= 6);
		expect(got()).toEqual([
			["a0", "a1", "a2", "a3"],
			["b0", "b1"],
		]);
		let next = 0;
		for (const batch of one.batches.filter((x) => x.topic === a)) {
			expect(batch.fetchedOffset).toBe(next);
			expect(batch.highWatermark).toBeGreaterThanOrEqual(batch.nextOffset);
			next = batch.nextOffset;
		}
		expect(next).toBe(4);
		await one.member.leave();
	});

	test("a batch covers what holds no record: aborted ones, and the ends of transactions", async () => {
		const { log } = use();
		const [a, b] = [await newTopic(log), await newTopic(log)];
		await leaveOpen(log, `${a}-id`, a, [
			record("aborted 1"),
			record("aborted 2"),
		]);
		await takeOver(log, `${a}-id`, b);
		const high = (await log.offsets(a))?.[0]?.high;
		expect(high).toBe(3);
		const one = await start([a, b], `${a}-group`, fromTheStart([a, b]));
		const batches = () =>
			one.batches.filter((x) => x.topic === a && x.partition === 0);
		await until("the end", () => batches().at(-1)?.nextOffset === high);
		let next = 0;
		for (const batch of batches()) {
			expect(batch.records).toEqual([]);
			expect(batch.fetchedOffset).toBe(next);
			next = batch.nextOffset;
		}
		await one.member.leave();
	});

	test("seek goes back and forth", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		await fill(log, topic, ["0", "1", "2", "3"]);
		const one = await start([topic], `${topic}-group`, fromTheStart([topic]));
		await until("the first pass", () => valuesOf(one, topic).includes("3"));
		for (const offset of [2, 0, 3]) {
			one.batches.length = 0;
			one.member.seek(topic, 0, offset);
			await until(`a batch from ${offset}`, () =>
				one.batches.some((batch) => batch.fetchedOffset === offset),
			);
			const batch = one.batches.find((x) => x.fetchedOffset === offset);
			expect(String(batch?.records[0]?.value)).toBe(String(offset));
		}
		await one.member.leave();
	});

	test("a paused partition is quiet until it is resumed, the others are not", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const one = await start([topic], `${topic}-group`, (member) => {
			member.onAssigned = (partitions) => {
				for (const p of partitions) member.member.seek(topic, p, 0);
				member.member.pause(topic, 0);
			};
		});
		await fill(log, topic, ["quiet"]);
		await fill(log, topic, ["heard"], 1);
		await until("the other", () => valuesOf(one, topic, 1).length > 0);
		expect(valuesOf(one, topic)).toEqual([]);
		one.member.resume(topic, 0);
		await until("the resumed", () => valuesOf(one, topic).length > 0);
		expect(valuesOf(one, topic)).toEqual(["quiet"]);
		await one.member.leave();
	});

	test("batches of a partition come one after the other; different partitions do not wait for each other", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const gate = Promise.withResolvers<void>();
		let first = 0;
		let others = 0;
		await fill(log, topic, ["0", "1"]);
		await fill(log, topic, ["0", "1"], 1);
		const one = await start([topic], `${topic}-group`, (member) => {
			fromTheStart([topic])(member);
			member.onBatch = async (batch) => {
				if (batch.partition === 1) others++;
				else if (++first === 1) await gate.promise;
			};
		});
		await until("both partitions", () => first > 0 && others > 0);
		expect(first).toBe(1);
		gate.resolve();
		await until("all", () => valuesOf(one, topic).length === 2);
		await one.member.leave();
	});

	test("two members share the partitions, of all topics alike, and one takes over from the other", async () => {
		const { log } = use();
		const [a, b] = [
			await newTopic(log, { partitions: 3 }),
			await newTopic(log, { partitions: 3 }),
		];
		const group = `${a}-group`;
		const one = await start([a, b], group, fromTheStart([a, b]));
		expect(one.partitions).toEqual([0, 1, 2]);
		const two = await start([a, b], group, fromTheStart([a, b]));
		await until(
			"all partitions at one member each",
			() => one.partitions.length + two.partitions.length === 3,
		);
		expect([...one.partitions, ...two.partitions].sort()).toEqual([0, 1, 2]);
		expect(one.partitions.length).toBeGreaterThan(0);
		expect(two.partitions.length).toBeGreaterThan(0);
		expect(one.rebalances).toBeGreaterThan(0);
		for (const p of [0, 1, 2])
			for (const topic of [a, b])
				await log.append(topic, record(`${topic} ${p}`, { partition: p }));
		for (const member of [one, two]) {
			await until("the records of its partitions", () =>
				member.partitions.every(
					(p) =>
						valuesOf(member, a, p).length > 0 &&
						valuesOf(member, b, p).length > 0,
				),
			);
		}
		await one.member.leave();
		await until(
			"all partitions at the second",
			() => two.partitions.length === 3,
		);
		await until("the records of all", () =>
			[0, 1, 2].every((p) => valuesOf(two, a, p).length > 0),
		);
		await two.member.leave();
	});

	test("keepAlive is true until the group rebalances", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		await fill(log, topic, ["0"]);
		const answers: boolean[] = [];
		const one = await start([topic], `${topic}-group`, (member) => {
			fromTheStart([topic])(member);
			member.onBatch = async (batch) => {
				if (answers.length > 0) return;
				answers.push(await batch.keepAlive());
				await until("a rebalance", async () => {
					answers.push(await batch.keepAlive());
					return answers.at(-1) === false;
				});
			};
		});
		await until("a batch under way", () => answers.length > 0);
		expect(answers[0]).toBe(true);
		const two = await start([topic], `${topic}-group`);
		expect(answers.at(-1)).toBe(false);
		expect(one.rebalances).toBeGreaterThan(0);
		await until("a new assignment", () => one.assignments.length > 1);
		await Promise.all([one.member.leave(), two.member.leave()]);
	});

	test("keepAlive goes on after the batch was handed back, and hides no rebalance from the member", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		await fill(log, topic, ["0"]);
		const one = await start([topic], `${topic}-group`, fromTheStart([topic]));
		await until("a batch", () => one.batches.length > 0);
		const [batch] = one.batches;
		expect(await batch?.keepAlive()).toBe(true);
		const joining = start([topic], `${topic}-group`);
		await until("a new assignment", async () => {
			await batch?.keepAlive();
			return one.assignments.length > 1;
		});
		const two = await joining;
		await until("a share for each", () =>
			[one, two].every((member) => member.partitions.length === 1),
		);
		await Promise.all([one.member.leave(), two.member.leave()]);
	});

	test("leaving waits for the batches under way", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		await fill(log, topic, ["0"]);
		const gate = Promise.withResolvers<void>();
		const steps: string[] = [];
		const one = await start([topic], `${topic}-group`, (member) => {
			fromTheStart([topic])(member);
			member.onBatch = async () => {
				steps.push("batch");
				await gate.promise;
				steps.push("batch done");
			};
		});
		await until("a batch under way", () => steps.length > 0);
		const left = one.member.leave().then(() => steps.push("left"));
		gate.resolve();
		await left;
		expect(steps).toEqual(["batch", "batch done", "left"]);
	});

	test("an offset can be committed to the group, and a member shows that it lives", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		await fill(log, topic, ["0"]);
		const one = await start([topic], `${topic}-group`, fromTheStart([topic]));
		const before = one.member.lastSignOfLife();
		await until("a batch", () => one.batches.length > 0);
		await one.member.commitOffset(topic, 0, 1);
		await until("a sign of life", () => one.member.lastSignOfLife() > before);
		await one.member.leave();
	});
}
