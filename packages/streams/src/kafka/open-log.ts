/** The port on kafkajs. */
import kafkajs, {
	type Admin,
	Kafka,
	type Message,
	type Producer,
} from "kafkajs";
import type { Log } from "../log.ts";
import { systemClock } from "../system-clock.ts";
import { within } from "../within.ts";
import { registerCodecs } from "./codecs.ts";
import { LeftGroups } from "./left-groups.ts";
import { kafkaLogCreator, type StreamsLogger } from "./logger.ts";
import { KafkaGroupMember } from "./member.ts";
import { KafkaTransactionalProducer } from "./producer.ts";
import { openReader } from "./reader.ts";
import { ensureTopics, offsetRanges } from "./topics.ts";

const { logLevel } = kafkajs;

const CLOSE_MAX_MS = 3_000;

export interface OpenLogOptions {
	/** host:port of brokers to start from. */
	brokers: readonly string[];
	/** Seen in the broker's logs and quotas. */
	clientId: string;
	logger: StreamsLogger;
	/** How long an answer may take before the connection is given up. */
	requestTimeoutMs?: number;
}

/** Opens the log; connects when first used, and again after a failure. */
export function openLog(options: OpenLogOptions): Log {
	registerCodecs();
	const kafka = new Kafka({
		clientId: options.clientId,
		brokers: [...options.brokers],
		connectionTimeout: 3_000,
		requestTimeout: options.requestTimeoutMs ?? 10_000,
		retry: {
			initialRetryTime: 20,
			maxRetryTime: 1_000,
			multiplier: 2,
			retries: 8,
		},
		logLevel: logLevel.INFO,
		logCreator: kafkaLogCreator(options.logger),
	});
	const admin = lazily<Admin>(async () => {
		const client = kafka.admin();
		await client.connect();
		return client;
	});
	const plain = lazily<Producer>(async () => {
		const client = kafka.producer({
			allowAutoTopicCreation: false,
			createPartitioner:
				() =>
				({ message }) =>
					message.partition ?? 0,
		});
		await client.connect();
		return client;
	});
	const leftGroups = new LeftGroups(admin.get);
	return {
		ensureTopics: async (specs) => ensureTopics(await admin.get(), specs),
		offsets: async (topic) => offsetRanges(await admin.get(), topic),
		read: (readOptions) => openReader(kafka, leftGroups, readOptions),
		member: (groupOptions) => new KafkaGroupMember(kafka, groupOptions),
		transactionalProducer: (id, timeoutMs) =>
			new KafkaTransactionalProducer(kafka, id, timeoutMs),
		append: async (topic, record) => {
			await (await plain.get()).send({
				topic,
				acks: -1,
				messages: [record as unknown as Message],
			});
		},
		close: async () => {
			await within(leftGroups.remove(), CLOSE_MAX_MS, systemClock);
			await within(
				Promise.all([admin.close(), plain.close()]),
				CLOSE_MAX_MS,
				systemClock,
			);
		},
	};
}

/** One shared client, made at its first use; made anew where that failed. */
function lazily<T extends { disconnect(): Promise<void> }>(
	create: () => Promise<T>,
) {
	let client: Promise<T> | undefined;
	return {
		get: (): Promise<T> => {
			client ??= create().catch((error: unknown) => {
				client = undefined;
				throw error;
			});
			return client;
		},
		close: async (): Promise<void> => {
			const open = await client?.catch(() => undefined);
			client = undefined;
			await open?.disconnect();
		},
	};
}
