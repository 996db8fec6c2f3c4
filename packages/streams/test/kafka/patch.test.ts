/** Each part of patches/kafkajs@2.2.4.patch: what it mends, and that the published kafkajs still needs it. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { bothKafkajs, type Insides, VERSION } from "./both-kafkajs.ts";

const both = bothKafkajs();
afterAll(() => both.remove());

/** The same check on both: it must hold with the patch and fail without. */
const mends = (
	what: string,
	path: string,
	holds: (insides: Insides) => unknown,
) =>
	test(what, async () => {
		expect(await holds(both.patched(path))).toBe(true);
		expect(
			await Promise.resolve(holds(both.published(path))).catch(() => false),
			`kafkajs ${VERSION} as published does this too: drop that part of the patch`,
		).toBe(false);
	});

test(`the patch is for kafkajs ${VERSION}`, () => {
	expect(both.patched("../package.json").version).toBe(VERSION);
});

describe("runner", () => {
	const path = "consumer/runner.js";

	/** A runner whose join is under way, and how to end that. */
	const joining = (Runner: Insides) => {
		const join = Promise.withResolvers<void>();
		const seen = { left: 0, crashes: 0 };
		const silent = {
			namespace: () => silent,
			debug() {},
			info() {},
			warn() {},
			error() {},
		};
		const runner = new Runner({
			logger: silent,
			consumerGroup: {
				connect: async () => {},
				joinAndSync: () => join.promise,
				leave: async () => {
					seen.left++;
				},
				cluster: { disconnect: async () => {} },
				getNodeIds: () => [],
			},
			instrumentationEmitter: { emit() {} },
			concurrency: 1,
			onCrash: () => {
				seen.crashes++;
			},
		});
		const started: Promise<void> = runner.start();
		return { runner, join, seen, started };
	};

	mends(
		"one that is stopped while it joins leaves, instead of staying as a member that nobody knows",
		path,
		async (Runner) => {
			const { runner, join, seen, started } = joining(Runner);
			await runner.stop();
			join.resolve();
			await started;
			const stayed = runner.running;
			await runner.stop();
			return !stayed && seen.left === 1;
		},
	);

	mends(
		"one that is stopped while it joins, and cannot join, is no crash",
		path,
		async (Runner) => {
			const { runner, join, seen, started } = joining(Runner);
			await runner.stop();
			join.reject(new Error("the coordinator is loading"));
			await started;
			return seen.crashes === 0;
		},
	);
});

describe("filterAbortedMessages", () => {
	const path = "consumer/filterAbortedMessages.js";
	const message = (offset: number, producerId: number, more: object = {}) => ({
		offset: String(offset),
		offsetNumber: offset,
		key: Buffer.from("k"),
		isControlRecord: false,
		batchContext: { producerId: String(producerId), inTransaction: true },
		...more,
	});
	const end = (offset: number, producerId: number) =>
		message(offset, producerId, {
			key: Buffer.from([0, 0, 0, 0]),
			isControlRecord: true,
		});
	const seen = (
		filter: Insides,
		messages: object[],
		aborted: [producerId: number, firstOffset: number][],
	): string =>
		filter({
			messages,
			abortedTransactions: aborted.map(([producerId, firstOffset]) => ({
				producerId: String(producerId),
				firstOffset: String(firstOffset),
			})),
		})
			.filter((m: Insides) => !m.isControlRecord)
			.map((m: Insides) => m.offset)
			.join();

	mends(
		"aborted transactions listed by their ends, not their beginnings",
		path,
		(filter) =>
			seen(
				filter,
				[
					message(0, 1),
					message(1, 2),
					end(2, 2),
					message(3, 1),
					end(4, 1),
					message(5, 2),
				],
				[
					[2, 1],
					[1, 0],
				],
			) === "5",
	);

	mends(
		"a key of four zero bytes in an aborted transaction",
		path,
		(filter) =>
			seen(
				filter,
				[
					message(0, 1),
					message(1, 1, { key: Buffer.alloc(4) }),
					message(2, 1),
					end(3, 1),
					message(4, 1),
				],
				[[1, 0]],
			) === "4",
	);
});

mends(
	"a listener is told where the fetch of an empty batch began",
	"consumer/runner.js",
	(Runner) =>
		/batchSize[^}]*fetchedOffset: batch\.fetchedOffset/.test(String(Runner)),
);

mends(
	"no timer while no request is pending",
	"network/requestQueue/index.js",
	(RequestQueue) => {
		const queue = new RequestQueue({
			maxInFlightRequests: 1,
			requestTimeout: 1_000,
			enforceRequestTimeout: false,
			clientId: "test",
			broker: "test",
			logger: { namespace: () => ({ debug() {} }), debug() {} },
		});
		queue.scheduleCheckPendingRequests();
		const idle = queue.throttleCheckTimeoutId === null;
		clearTimeout(queue.throttleCheckTimeoutId);
		return idle;
	},
);

mends(
	"a message costs one step of grouping, however many there are",
	"producer/groupMessagesPerPartition.js",
	(group) => {
		const messages = Array.from({ length: 100 }, (_, n) => ({ n }));
		let copied = 0;
		const iterate = Array.prototype[Symbol.iterator];
		Array.prototype[Symbol.iterator] = function (this: unknown[]) {
			copied += this === (messages as unknown[]) ? 0 : this.length;
			return iterate.call(this);
		};
		let grouped: Record<string, unknown[]>;
		try {
			grouped = group({
				topic: "t",
				partitionMetadata: [{}],
				messages,
				partitioner: ({ message }: Insides) => message.n % 2,
			});
		} finally {
			Array.prototype[Symbol.iterator] = iterate;
		}
		return (
			copied < messages.length &&
			grouped[0]?.length === 50 &&
			grouped[1]?.length === 50
		);
	},
);

describe("the encoding of records", () => {
	const data = fc.oneof(
		fc.constant(null),
		fc.string(),
		fc.string({ unit: "grapheme" }),
		fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
	);
	const messages = (timestamp: fc.Arbitrary<number>) =>
		fc.array(
			fc.record({
				key: data,
				value: data,
				timestamp: timestamp.map(String),
				headers: fc.dictionary(
					fc
						.string({ minLength: 1, maxLength: 5 })
						.filter((k) => k !== "__proto__"),
					fc.string(),
					{ maxKeys: 3 },
				),
			}),
			{ minLength: 1, maxLength: 30 },
		);

	/** A produce request, cut to its record batch as a fetch would bring it: size and bytes. */
	async function encode(
		load: (path: string) => Insides,
		list: object[],
	): Promise<Buffer> {
		const Long = load("utils/long.js");
		const Decoder = load("protocol/decoder.js");
		const request = load("protocol/requests/produce/v3/request.js")({
			acks: -1,
			timeout: 1,
			transactionalId: "id",
			producerId: Long.fromInt(7),
			producerEpoch: 3,
			topicData: [
				{
					topic: "t",
					partitions: [{ partition: 0, firstSequence: 5, messages: list }],
				},
			],
		});
		const decoder = new Decoder((await request.encode()).buffer);
		decoder.readString();
		decoder.readInt16();
		decoder.readInt32();
		decoder.readInt32();
		decoder.readString();
		decoder.readInt32();
		decoder.readInt32();
		return decoder.readAll();
	}

	/** The batch's head (its CRC is checked by a broker only) and its records, as the published kafkajs or ours reads them. */
	async function decode(load: (path: string) => Insides, bytes: Buffer) {
		const Decoder = load("protocol/decoder.js");
		const records = await load("protocol/requests/fetch/v4/decodeMessages.js")(
			new Decoder(bytes),
		);
		return records.map((r: Insides) => ({
			offset: String(r.offset),
			timestamp: String(r.timestamp),
			key: r.key === null ? null : Buffer.from(r.key).toString("hex"),
			value: r.value === null ? null : Buffer.from(r.value).toString("hex"),
			headers: Object.fromEntries(
				Object.entries(r.headers ?? {}).map(([k, v]) => [k, String(v)]),
			),
			isControlRecord: r.isControlRecord,
			producerId: String(r.batchContext.producerId),
			inTransaction: r.batchContext.inTransaction,
			maxTimestamp: String(r.batchContext.maxTimestamp),
		}));
	}

	const { patched, published } = both;
	/** Numbers hold the difference of two times of a batch up to here: 142,000 years. */
	const SPAN_MS_MAX = 2 ** 52 - 1;

	test("the same bytes as published, where that was right", async () => {
		// Of one time all, as its order by text is the order by number then.
		const time = fc.integer({ min: 1, max: 8.64e15 });
		await fc.assert(
			fc.asyncProperty(messages(time), time, async (list, at) => {
				const alike = list.map((m) => ({ ...m, timestamp: String(at) }));
				expect(await encode(patched, alike)).toEqual(
					await encode(published, alike),
				);
			}),
			{ numRuns: 150 },
		);
	});

	test("both read what the other wrote, whatever the times", async () => {
		const time = fc.oneof(
			fc.constant(0),
			fc.integer({ min: 0, max: SPAN_MS_MAX }),
			fc.nat(2_000),
		);
		await fc.assert(
			fc.asyncProperty(messages(time), async (list) => {
				const bytes = await encode(patched, list);
				const read = await decode(published, bytes);
				expect(await decode(patched, bytes)).toEqual(read);
				expect(read.map((r: Insides) => r.timestamp)).toEqual(
					list.map((m) => m.timestamp),
				);
				expect(read[0].maxTimestamp).toBe(
					String(Math.max(...list.map((m) => Number(m.timestamp)))),
				);
			}),
			{ numRuns: 150 },
		);
	});

	test("published, 0 is no timestamp, and 999 is later than 1000", async () => {
		const times = (...list: (string | number)[]) =>
			list.map((timestamp) => ({ key: "k", value: "v", timestamp }));
		for (const [load, zero, latest] of [
			[patched, "0", "1000"],
			[published, undefined, "999"],
		] as const) {
			const [first] = await decode(load, await encode(load, times(0)));
			if (zero === undefined) expect(first.timestamp).not.toBe("0");
			else expect(first.timestamp).toBe(zero);
			const [a] = await decode(load, await encode(load, times("1000", "999")));
			expect(a.maxTimestamp).toBe(latest);
		}
	});

	test("checksums are the published ones", () => {
		const [ours, theirs] = [patched, published].map((load) =>
			load("protocol/recordBatch/crc32C/index.js"),
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const buffer = Buffer.from(bytes);
				expect(ours(buffer)).toBe(theirs(buffer));
			}),
		);
	});

	test("a batch of more records than a call may have arguments", async () => {
		const many = Array.from({ length: 200_000 }, () => ({
			key: null,
			value: "v",
			timestamp: "1",
		}));
		const bytes = await encode(patched, many);
		expect((await decode(patched, bytes)).length).toBe(many.length);
		await expect(decode(published, bytes)).rejects.toThrow(RangeError);
	});
});

test("a batch holds what was asked for, and no control records", () => {
	const messages = fc.uniqueArray(fc.nat(50), { minLength: 1 }).map((offsets) =>
		offsets
			.toSorted((a, b) => a - b)
			.map((offset) => ({
				offset: String(offset),
				offsetNumber: offset,
				isControlRecord: offset % 7 === 3,
				batchContext: { producerId: "1", inTransaction: false },
			})),
	);
	fc.assert(
		fc.property(messages, fc.nat(60), (list, from) => {
			const [ours, theirs] = [both.patched, both.published].map((load) => {
				const Batch = load("consumer/batch.js");
				const batch = new Batch("t", String(from), {
					partition: 0,
					highWatermark: "100",
					abortedTransactions: [],
					messages: list,
				});
				return {
					offsets: batch.messages.map((m: Insides) => m.offset),
					first: batch.firstOffset(),
					last: batch.lastOffset(),
				};
			});
			expect(ours).toEqual(theirs);
		}),
	);
});

mends(
	"half a reply of a broken connection is forgotten",
	"network/connection.js",
	async (Connection) => {
		const connection = new Connection({
			host: "127.0.0.1",
			port: 1,
			clientId: "test",
			connectionTimeout: 1_000,
			requestTimeout: 1_000,
			logger: { namespace: () => ({ debug() {}, error() {} }) },
			socketFactory: () => {
				throw new Error("no socket in this test");
			},
		});
		connection.chunks = [Buffer.from("half a reply")];
		connection.bytesBuffered = 12;
		await connection.connect().catch(() => {});
		return connection.chunks.length === 0 && connection.bytesBuffered === 0;
	},
);
