/** Writes readings of many keys, one of each in a second of event time. */
import { partitionOf } from "@fireworks/contracts";
import type { Log, OutgoingRecord } from "@fireworks/streams";
import { inputTopic, PARTITIONS } from "../throughput/topics.ts";
import type { Reading } from "./stages.ts";

const FIRST_EVENT_TIME = 1_767_225_600_000;
const RECORDS_PER_TRANSACTION = 10_000;

export const keyOf = (i: number): string =>
	`station-${String(i).padStart(7, "0")}`;

export function recordOf(
	key: string,
	n: number,
	timestamp: number,
): OutgoingRecord {
	const value: Reading = {
		station: key,
		amount: (n % 1_000) / 8,
		note: "fair weather",
	};
	return {
		partition: partitionOf(Buffer.from(key), PARTITIONS),
		key,
		value: JSON.stringify(value),
		timestamp,
	};
}

export async function preload(
	log: Log,
	topic: string,
	keys: number,
	rounds: number,
): Promise<void> {
	await log.ensureTopics([inputTopic(topic)]);
	const producer = log.transactionalProducer(`${topic}-preload`, 60_000);
	let records: OutgoingRecord[] = [];
	const send = async () => {
		await producer.transact(new Map([[topic, records]]));
		records = [];
	};
	for (let round = 0; round < rounds; round++)
		for (let i = 0; i < keys; i++) {
			const at = FIRST_EVENT_TIME + round * 1_000;
			records.push(recordOf(keyOf(i), round, at));
			if (records.length === RECORDS_PER_TRANSACTION) await send();
		}
	if (records.length > 0) await send();
	await producer.close();
}
