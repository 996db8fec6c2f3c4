/**
 * The Kafka clients that could be used under the port, each with its own API: transactions of many
 * records, and reading committed records.
 */

import type { Log, OutgoingRecord } from "@fireworks/streams";
import {
	Consumer,
	FetchIsolationLevels,
	MessagesStreamModes,
	Producer,
} from "@platformatic/kafka";
import { readTopic } from "../../tests/harness/stream.ts";

export interface Client {
	name: string;
	/** Runs one transaction after the other. All of its records go to one partition. */
	write(
		topic: string,
		transactions: readonly (readonly OutgoingRecord[])[],
	): Promise<void>;
	/** Reads until this many committed records were seen. */
	read(topic: string, records: number): Promise<void>;
}

export const kafkajs = (log: Log): Client => ({
	name: "kafkajs, patched, under the port",
	async write(topic, transactions) {
		const producer = log.transactionalProducer(`${topic}-writer`, 30_000);
		for (const records of transactions)
			await producer.transact(new Map([[topic, records]]));
		await producer.close();
	},
	async read(topic, records) {
		await readTopic(log, topic, (all) => all.length >= records);
	},
});

export const platformatic = (bootstrapBrokers: string[]): Client => ({
	name: "@platformatic/kafka",
	async write(topic, transactions) {
		const producer = new Producer({
			clientId: "bench",
			bootstrapBrokers,
			idempotent: true,
			// The same setting as ours: CONCURRENT_TRANSACTIONS after back-to-back transactions
			// goes away within milliseconds, but the default waits a second.
			retryDelay: 20,
			retries: 8,
			transactionalId: `${topic}-writer`,
		});
		for (const records of transactions) {
			const transaction = await producer.beginTransaction();
			await transaction.send({
				messages: records.map(({ partition, key, value, timestamp }) => ({
					topic,
					partition,
					key: Buffer.from(String(key)),
					value: Buffer.from(String(value)),
					timestamp: BigInt(timestamp),
				})),
			});
			await transaction.commit();
		}
		await producer.close();
	},
	async read(topic, records) {
		const consumer = new Consumer({
			clientId: "bench",
			bootstrapBrokers,
			groupId: `${topic}-reader`,
		});
		const stream = await consumer.consume({
			topics: [topic],
			mode: MessagesStreamModes.EARLIEST,
			isolationLevel: FetchIsolationLevels.READ_COMMITTED,
			maxWaitTime: 100,
		});
		let seen = 0;
		for await (const _ of stream) if (++seen >= records) break;
		await consumer.close(true);
	},
});
