/**
 * Tests each part of patches/kafkajs@2.2.4.patch: what it fixes, and that the published kafkajs
 * still needs it.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { bothKafkajs, fixesIn, type Insides, VERSION } from "./both-kafkajs.ts";
import { compacted, encode } from "./record-batch.ts";

const both = bothKafkajs();
afterAll(() => both.remove());

const fixes = fixesIn(both);

test(`the patch is for kafkajs ${VERSION}`, () => {
	expect(both.patched("../package.json").version).toBe(VERSION);
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

	fixes(
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

	fixes(
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

fixes(
	"a listener learns where the fetch of an empty batch began",
	"consumer/runner.js",
	(Runner) =>
		/batchSize[^}]*fetchedOffset: batch\.fetchedOffset/.test(String(Runner)),
);

fixes(
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

fixes(
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

fixes(
	"a record batch that compaction has emptied is passed over, as is the emptied end of one",
	"consumer/batch.js",
	async (Batch, load) => {
		const Decoder = load("protocol/decoder.js");
		const decode = load("protocol/requests/fetch/v4/decodeMessages.js");
		const records = ["a", "b", "c"].map((value) => ({
			key: "k",
			value,
			timestamp: "1",
		}));
		const whole = await encode(load, records);
		const fetched = async (bytes: Buffer, from: number) =>
			new Batch("t", String(from), {
				partition: 0,
				highWatermark: "100",
				abortedTransactions: [],
				messages: await decode(new Decoder(bytes)),
			});
		const emptied = await fetched(compacted(whole, 0), 0);
		const begun = await fetched(compacted(whole, 1), 0);
		const passed = await fetched(compacted(whole, 1), 1);
		const atEndOfLog = await fetched(Buffer.alloc(4), 3);
		return (
			[emptied, begun, passed].every((batch) => batch.lastOffset() === "2") &&
			[emptied, passed].every((batch) => batch.isEmptyDueToFiltering()) &&
			begun.messages.length === 1 &&
			!atEndOfLog.isEmptyDueToFiltering()
		);
	},
);

fixes(
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
