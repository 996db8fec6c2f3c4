/**
 * Makes kafkajs use our reader and writer of record batches, through the two hooks that our patch
 * adds (patches/kafkajs@2.2.4.patch). The same patch fixes defects of kafkajs that lose or repeat
 * records, so an unpatched kafkajs is rejected.
 */
import kafkajs from "kafkajs";
import { decodeRecords } from "./decode-records.ts";
import { encodeRecordBatch } from "./encode-record-batch.ts";

interface Hooks {
	decodeRecords: typeof decodeRecords | undefined;
	encodeRecordBatch: typeof encodeRecordBatch | undefined;
}

/** Throws if the installed kafkajs is not the patched one. */
export function installWire(): void {
	const hooks = (kafkajs as unknown as { recordBatchHooks?: Hooks })
		.recordBatchHooks;
	if (hooks === undefined)
		throw new Error(
			"this kafkajs lacks the patch of @fireworks/streams, and would lose records: install kafkajs 2.2.4 with patches/kafkajs@2.2.4.patch (pnpm does so in the Fireworks workspace), or use the packed @fireworks/streams, which carries it",
		);
	hooks.decodeRecords = decodeRecords;
	hooks.encodeRecordBatch = encodeRecordBatch;
}
