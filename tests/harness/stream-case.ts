/**
 * Streams of the cases in tests/integration/cases, on a real broker. A line of a case is a record:
 * `value` is written as JSON, `text` and `hex` as they are; `key` is the record's key, and
 * `partition` where it must lie.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { partitionOf } from "@fireworks/contracts";
import {
	defineStream,
	publish,
	type StreamOptions,
	topicOf,
} from "@fireworks/pipeline";
import { type Log, type OutgoingRecord, systemClock } from "@fireworks/streams";

interface CaseLine {
	value?: unknown;
	text?: string;
	hex?: string;
	key?: string;
	partition?: number;
}

const TRANSACTION_TIMEOUT_MS = 10_000;
const PLACEMENT = { replicationFactor: 1, topicConfigs: "own" as const };

export function caseRecords(
	name: string,
	partitions: number,
): OutgoingRecord[] {
	const file = new URL(`../integration/cases/${name}.jsonl`, import.meta.url);
	const lines = readFileSync(file, "utf8").trim().split("\n");
	return lines.map((line): OutgoingRecord => {
		const one = JSON.parse(line) as CaseLine;
		return {
			partition:
				one.partition ?? partitionOf(Buffer.from(one.key ?? ""), partitions),
			key: one.key ?? null,
			value:
				one.hex === undefined
					? (one.text ?? JSON.stringify(one.value))
					: Buffer.from(one.hex, "hex"),
			timestamp: systemClock.now(),
		};
	});
}

export interface CaseStream {
	readonly name: string;
	/** Writes the records in one transaction. */
	write(records: readonly OutgoingRecord[]): Promise<void>;
}

/** Makes the topic and publishes the stream, under a name of its own. */
export async function caseStream(
	log: Log,
	partitions: number,
	options: Omit<StreamOptions<unknown>, "name">,
): Promise<CaseStream> {
	const name = `case-${randomUUID().slice(0, 8)}`;
	const { description } = defineStream({ name, ...options });
	await log.ensureTopics([topicOf(description, { ...PLACEMENT, partitions })]);
	await publish({ log, settings: PLACEMENT, streams: [description] });
	return {
		name,
		write: async (records) => {
			const producer = log.transactionalProducer(name, TRANSACTION_TIMEOUT_MS);
			await producer.transact(new Map([[name, records]]));
			await producer.close();
		},
	};
}
