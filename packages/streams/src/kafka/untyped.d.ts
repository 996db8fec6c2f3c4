declare module "lz4js" {
	const lz4: {
		compress(source: Uint8Array): Uint8Array;
		decompress(source: Uint8Array): Uint8Array;
	};
	export default lz4;
}
declare module "kafkajs-snappy" {
	const codec: () => {
		compress(encoder: { buffer: Buffer }): Promise<Buffer>;
		decompress(buffer: Buffer): Promise<Buffer>;
	};
	export default codec;
}
declare module "kafkajs/src/consumer/batch.js" {
	/** Drops what a reader of committed records must not see. */
	export default class Batch {
		constructor(topic: string, fetchedOffset: string, partitionData: object);
		readonly messages: import("kafkajs").KafkaMessage[];
		lastOffset(): string;
	}
}
