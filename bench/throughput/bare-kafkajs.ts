/**
 * A bare loop on kafkajs, written by hand for speed: transactions with small sends, explicit
 * partitions, a changelog, a cheap random number. It has no noise, checks, dead letters or restore.
 * The overhead of a runtime is measured against this.
 */
import { Kafka, logLevel } from "kafkajs";

const {
	BROKERS = "",
	INPUT = "",
	OUTPUT = "",
	CHANGELOG = "",
	GROUP = "",
} = process.env;
const SEND = 250;
const TRANSACTION = 2_500;

const kafka = new Kafka({
	clientId: "bare",
	brokers: BROKERS.split(","),
	logLevel: logLevel.ERROR,
	retry: { initialRetryTime: 20 },
});
const consumer = kafka.consumer({
	groupId: GROUP,
	readUncommitted: false,
	maxWaitTimeInMs: 100,
});

const producers = new Map<number, ReturnType<typeof kafka.producer>>();
const state = new Map<
	string,
	{ seq: number; timestamp: number; value: number }
>();

async function producerOf(partition: number) {
	let producer = producers.get(partition);
	if (producer === undefined) {
		producer = kafka.producer({
			transactionalId: `${OUTPUT}-${partition}`,
			maxInFlightRequests: 1,
			idempotent: true,
			createPartitioner:
				() =>
				({ message }) =>
					message.partition ?? 0,
		});
		await producer.connect();
		producers.set(partition, producer);
	}
	return producer;
}

await consumer.connect();
await consumer.subscribe({ topics: [INPUT], fromBeginning: true });
await consumer.run({
	autoCommit: false,
	partitionsConsumedConcurrently: 4,
	eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
		const { partition, messages } = batch;
		const producer = await producerOf(partition);
		for (let from = 0; from < messages.length; from += TRANSACTION) {
			const slice = messages.slice(from, from + TRANSACTION);
			const changed = new Set<string>();
			const outputs = slice.map((message) => {
				const tick = JSON.parse(String(message.value));
				const key = tick.deviceId;
				const last = state.get(key);
				const dt =
					last === undefined ? 0 : (tick.timestamp - last.timestamp) / 1000;
				const increment =
					last === undefined
						? 0
						: tick.drift * dt +
							tick.volatility * Math.sqrt(dt) * (Math.random() - 0.5);
				const value = (last?.value ?? 0) + increment;
				state.set(key, { seq: tick.seq, timestamp: tick.timestamp, value });
				changed.add(key);
				return {
					partition,
					key,
					value: JSON.stringify({ ...tick, dt, increment, value }),
					timestamp: String(tick.timestamp),
				};
			});
			const changes = [...changed].map((key) => ({
				partition,
				key: `s/${key}`,
				value: JSON.stringify(state.get(key)),
			}));
			changes.push({
				partition,
				key: "position",
				value: JSON.stringify({
					next: String(Number(slice.at(-1)?.offset) + 1),
				}),
			});
			const transaction = await producer.transaction();
			for (let i = 0; i < outputs.length; i += SEND)
				await transaction.send({
					topic: OUTPUT,
					acks: -1,
					messages: outputs.slice(i, i + SEND),
				});
			for (let i = 0; i < changes.length; i += SEND)
				await transaction.send({
					topic: CHANGELOG,
					acks: -1,
					messages: changes.slice(i, i + SEND),
				});
			await transaction.commit();
			await heartbeat();
		}
		resolveOffset(batch.lastOffset());
	},
});

process.once("SIGTERM", () => process.exit(0));
