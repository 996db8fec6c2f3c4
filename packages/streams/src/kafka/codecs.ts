/**
 * Compression codecs that kafkajs does not include. Without them a single record that another
 * client compressed this way stops a consumer permanently.
 */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import kafkajs from "kafkajs";
import snappy from "kafkajs-snappy";
import lz4 from "lz4js";

const { CompressionCodecs, CompressionTypes } = kafkajs;

interface Encoded {
	buffer: Buffer;
}

/** Registers Snappy, LZ4 (frames) and Zstandard with kafkajs. */
export function registerCodecs(): void {
	CompressionCodecs[CompressionTypes.Snappy] = snappy;
	CompressionCodecs[CompressionTypes.LZ4] = () => ({
		compress: async (encoder: Encoded) =>
			Buffer.from(lz4.compress(encoder.buffer)),
		decompress: async (buffer: Buffer) => Buffer.from(lz4.decompress(buffer)),
	});
	CompressionCodecs[CompressionTypes.ZSTD] = () => ({
		compress: async (encoder: Encoded) => zstdCompressSync(encoder.buffer),
		decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
	});
}
