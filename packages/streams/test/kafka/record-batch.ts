/** Record batches as a broker sends them. */
import type { Load } from "./both-kafkajs.ts";

/** A produce request, cut to its record batch as a fetch would bring it: size and bytes. */
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

/** Where a batch says how many records it has: after its size, and its head up to the first sequence number. */
const COUNT_AT = 4 + 57;

/** What compaction leaves of an encoded batch: its head with its offsets, and the first records only. */
export function compacted(encoded: Buffer, left: number): Buffer {
	const batch = Buffer.from(encoded);
	batch.writeInt32BE(left, COUNT_AT);
	return batch;
}
