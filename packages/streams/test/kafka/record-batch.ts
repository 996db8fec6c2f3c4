/** Record batches in the form that a broker sends. */
import type { Load } from "./both-kafkajs.ts";

/**
 * Encodes a produce request, and cuts out its record batch in the form that a fetch returns: size
 * and bytes.
 */
export async function encode(load: Load, list: object[]): Promise<Buffer> {
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

/**
 * Where a batch holds its record count: after its size, and its head up to the first sequence
 * number.
 */
const COUNT_AT = 4 + 57;

/** An encoded batch after compaction: its head with its offsets, and only the first records. */
export function compacted(encoded: Buffer, left: number): Buffer {
	const batch = Buffer.from(encoded);
	batch.writeInt32BE(left, COUNT_AT);
	return batch;
}
