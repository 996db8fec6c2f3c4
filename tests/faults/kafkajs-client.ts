/**
 * The other client for machines without a Java compiler: kafkajs with the codecs of
 * packages/streams. It proves less, because the reader uses the same code.
 */
import kafkajs, { Kafka } from "kafkajs";
import type { Compression, ForeignRecord } from "./other-client.ts";

const TYPES: Readonly<Record<Compression, kafkajs.CompressionTypes>> = {
	none: kafkajs.CompressionTypes.None,
	gzip: kafkajs.CompressionTypes.GZIP,
	snappy: kafkajs.CompressionTypes.Snappy,
	lz4: kafkajs.CompressionTypes.LZ4,
	zstd: kafkajs.CompressionTypes.ZSTD,
};

/** Does the same as sendByOtherClient. openLog must have registered the codecs. */
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
			// One by one: a request with two of the large records exceeds the topic's limit.
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
