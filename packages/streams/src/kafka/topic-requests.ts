/**
 * Two requests that kafkajs supports only in part. Metadata with the topics' ids (version 10, Kafka
 * 2.8), and CreateTopics with the broker's own message for each topic that it rejects (version 3,
 * Kafka 2.0).
 */
import type { TopicSpec } from "@fireworks/contracts";
import { WireReader, WireWriter } from "./wire/buffers.ts";

/**
 * A request in the form that kafkajs' connection sends, with the function that reads the response.
 */
export interface WireRequest<T> {
	readonly apiKey: number;
	readonly apiName: string;
	readonly apiVersion: number;
	readonly body: Buffer;
	read(body: Buffer): T;
}

export const METADATA_KEY = 3;
export const METADATA_WITH_IDS = 10;
const CREATE_TOPICS_KEY = 19;
const CREATE_TOPICS_VERSION = 3;
const NO_ID = Buffer.alloc(16);
/** The broker's own time limit for creating the topics. ms. */
const CREATE_WITHIN_MS = 10_000;

/** The part of Metadata about one topic. */
export interface TopicMetadata {
	/** 0: the topic exists; 3: it does not; 5: it has no leader at the moment. */
	readonly errorCode: number;
	/** 32 hexadecimal digits; undefined if the broker sent none. */
	readonly id: string | undefined;
}

/** Asks for one topic; does not create it if it is absent. */
export const topicMetadata = (topic: string): WireRequest<TopicMetadata> => ({
	apiKey: METADATA_KEY,
	apiName: "Metadata",
	apiVersion: METADATA_WITH_IDS,
	body: new WireWriter()
		// The request header of a flexible version ends with tagged fields, which kafkajs does not
		// write.
		.noTags()
		.unsignedVarint(2)
		.bytes(NO_ID)
		.compactString(topic)
		.noTags()
		.boolean(false)
		.boolean(false)
		.boolean(false)
		.noTags().buffer,
	read: (body) => {
		const reader = new WireReader(body);
		reader.tags();
		reader.int32(); // throttle time
		reader.compactArray(() => {
			reader.int32(); // node id
			reader.compactString(); // host
			reader.int32(); // port
			reader.compactString(); // rack
			reader.tags();
		});
		reader.compactString(); // cluster id
		reader.int32(); // controller id
		const [found] = reader.compactArray(() => {
			const errorCode = reader.int16();
			reader.compactString(); // name
			const id = reader.bytes(16);
			reader.bytes(1); // is internal
			reader.compactArray(() => partition(reader));
			reader.int32(); // authorized operations
			reader.tags();
			return {
				errorCode,
				id: id.equals(NO_ID) ? undefined : id.toString("hex"),
			};
		});
		if (found === undefined)
			throw new RangeError(`Kafka's metadata says nothing of ${topic}`);
		return found;
	},
});

function partition(reader: WireReader): void {
	reader.int16(); // error code
	reader.int32(); // partition
	reader.int32(); // leader
	reader.int32(); // leader epoch
	for (let list = 0; list < 3; list++)
		reader.compactArray(() => reader.int32()); // replicas, in sync, offline
	reader.tags();
}

/** The result for one topic that was to be created. */
export interface CreatedTopic {
	readonly topic: string;
	/** 0: it was created. */
	readonly errorCode: number;
	/** The broker's own message. */
	readonly message: string | null;
}

/**
 * Asks the broker to create some topics, or only whether it could. Each topic has its own result:
 * some may be created while others are rejected.
 */
export const createTopics = (
	specs: readonly TopicSpec[],
	{ validateOnly }: { validateOnly: boolean },
): WireRequest<readonly CreatedTopic[]> => {
	const body = new WireWriter().int32(specs.length);
	for (const { name, partitions, replicationFactor, config } of specs) {
		const entries = Object.entries(config);
		body
			.string(name)
			.int32(partitions)
			.int16(replicationFactor)
			.int32(0) // no assignment of our own
			.int32(entries.length);
		for (const [key, value] of entries) body.string(key).string(value);
	}
	body.int32(CREATE_WITHIN_MS).boolean(validateOnly);
	return {
		apiKey: CREATE_TOPICS_KEY,
		apiName: "CreateTopics",
		apiVersion: CREATE_TOPICS_VERSION,
		body: body.buffer,
		read: (bytes) => {
			const reader = new WireReader(bytes);
			reader.int32(); // throttle time
			return reader.array(() => ({
				topic: reader.nullableString() ?? "",
				errorCode: reader.int16(),
				message: reader.nullableString(),
			}));
		},
	};
};
