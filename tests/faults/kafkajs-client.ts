/** The other client where the machine has no Java compiler: kafkajs with the codecs of packages/streams. A weaker proof, as the same code reads. */
import kafkajs, { Kafka } from "kafkajs";
import type { Compression, ForeignRecord } from "./other-client.ts";

const TYPES: Readonly<Record<Compression, kafkajs.CompressionTypes>> = {
	none: kafkajs.CompressionTypes.None,
	gzip: kafkajs.CompressionTypes.GZIP,
	snappy: kafkajs.CompressionTypes.Snappy,
	lz4: kafkajs.CompressionTypes.LZ4,
	zstd: kafkajs.CompressionTypes.ZSTD,
};

/** As sendByOtherClient. The codecs must be registered: openLog does that. */
export async function sendByKafkajs(
	brokers: readonly string[],
	topic: string,
	compression: Compression,
	records: readonly ForeignRecord[],
): Promise<void> {
	const kafka = new Kafka({
		brokers: [...brokers],
		logLevel: kafkajs.logLevel.NOTHING,
	});
	const producer = kafka.producer({
		transactionalId: `other-client-${topic}`,
		maxInFlightRequests: 1,
		idempotent: true,
	});
	await producer.connect();
	try {
		for (const end of ["abort", "commit"] as const) {
			const transaction = await producer.transaction();
			// One by one: a request with two of the large ones is more than the topic takes.
			for (const record of records)
				await transaction.send({
					topic,
					compression: TYPES[compression],
					messages: [record],
				});
			await transaction[end]();
		}
	} finally {
		await producer.disconnect();
	}
}
