/** kafkajs, set up as every part of Fireworks uses it. */
import kafkajs, { Kafka, type KafkaConfig } from "kafkajs";
import { withUndecided } from "./cluster-factory.ts";
import { registerCodecs } from "./codecs.ts";
import { kafkaLogCreator, type StreamsLogger } from "./logger.ts";
import {
	type ToStreamsError,
	toStreamsError,
} from "./security/access-refused.ts";
import { securityOf } from "./security/security.ts";
import type { SecuritySettings } from "./security/settings.ts";
import { installWire } from "./wire/install.ts";

const { logLevel } = kafkajs;

export interface OpenLogOptions {
	/** host:port of the brokers to connect to first. */
	brokers: readonly string[];
	/** TLS and credentials. Default: neither. */
	security?: SecuritySettings;
	/** Name of this client in the broker's logs and quotas. */
	clientId: string;
	logger: StreamsLogger;
	/** How long a response may take before the connection is given up. */
	requestTimeoutMs?: number;
}

export interface KafkaClient {
	readonly kafka: Kafka;
	/** The same, but it asks for offsets without regard to transactions. */
	readonly undecidedKafka: Kafka;
	/** Turns an error of kafkajs into a StreamsError. */
	readonly failure: ToStreamsError;
	/**
	 * Turns a rejection by Kafka into a StreamsError, wherever kafkajs meets it; passes other
	 * errors through.
	 */
	withRefusals<T>(work: () => Promise<T>): Promise<T>;
}

/** Throws SettingsError if a file of the security settings is wrong. */
export function kafkaClient(options: OpenLogOptions): KafkaClient {
	installWire();
	registerCodecs();
	const security = securityOf(
		options.brokers,
		options.security,
		options.logger,
	);
	const config: KafkaConfig = {
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
	};
	const failure = toStreamsError(security.access);
	return {
		kafka: new Kafka(config),
		undecidedKafka: withUndecided(new Kafka(config)),
		failure,
		withRefusals: async (work) => {
			try {
				return await work();
			} catch (error) {
				const refusal = failure(error, "group-failed", "Kafka");
				throw refusal.fatal ? refusal : error;
			}
		},
	};
}
