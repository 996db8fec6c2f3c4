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
import { toStreamsError } from "./security/access-refused.ts";
import { securityOf } from "./security/security.ts";
import type { SecuritySettings } from "./security/settings.ts";
import { ensureTopics, offsetRanges } from "./topics.ts";

const { logLevel } = kafkajs;

const CLOSE_MAX_MS = 2_000;

export interface OpenLogOptions {
	/** host:port of brokers to start from. */
	brokers: readonly string[];
	/** TLS, and who we are. Default: neither. */
	security?: SecuritySettings;
	/** Seen in the broker's logs and quotas. */
	clientId: string;
	logger: StreamsLogger;
	/** How long an answer may take before the connection is given up. */
	requestTimeoutMs?: number;
}

/** Opens the log; connects when first used, and again after a failure. Throws SettingsError where a file of the security settings is wrong. */
export function openLog(options: OpenLogOptions): Log {
	registerCodecs();
	const security = securityOf(
		options.brokers,
		options.security,
		options.logger,
	);
	const failure = toStreamsError(security.access);
	/** What a refusal is, wherever kafkajs meets it; other errors as they are. */
	const told = async <T>(work: () => Promise<T>): Promise<T> => {
		try {
			return await work();
		} catch (error) {
			const told = failure(error, "group-failed", "Kafka");
			throw told.fatal ? told : error;
		}
	};
	const kafka = new Kafka({
		clientId: options.clientId,
		brokers: [...options.brokers],
		...security.config,
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
		ensureTopics: (specs) =>
			told(async () => ensureTopics(await admin.get(), specs)),
		offsets: (topic) =>
			told(async () => offsetRanges(await admin.get(), topic)),
		read: (readOptions) =>
			told(() => openReader(kafka, leftGroups, failure, readOptions)),
		member: (groupOptions) =>
			new KafkaGroupMember(kafka, failure, groupOptions),
		transactionalProducer: (id, timeoutMs) =>
			new KafkaTransactionalProducer(kafka, failure, id, timeoutMs),
		append: (topic, record) =>
			told(async () => {
				await (await plain.get()).send({
					topic,
					acks: -1,
					messages: [record as unknown as Message],
				});
			}),
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
	let connected: T | undefined;
	return {
		get: (): Promise<T> => {
			client ??= create().then(
				(made) => {
					connected = made;
					return made;
				},
				(error: unknown) => {
					client = undefined;
					throw error;
				},
			);
			return client;
		},
		close: async (): Promise<void> => {
			const pending = client;
			client = undefined;
			// One that still tries to connect is not waited for: with the broker away that takes seconds.
			if (connected === undefined)
				pending?.then((late) => late.disconnect()).catch(() => {});
			else await connected.disconnect();
			connected = undefined;
		},
	};
}
