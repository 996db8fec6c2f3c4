/**
 * Our own requests to the cluster's controller, over kafkajs' connections, with its security,
 * time-outs and reconnects. kafkajs has no public way to send a request that it does not know.
 */
import type { Kafka } from "kafkajs";
import { clusterFactory } from "./cluster-factory.ts";
import {
	METADATA_KEY,
	METADATA_WITH_IDS,
	topicMetadata,
	type WireRequest,
} from "./topic-requests.ts";

interface Broker {
	readonly versions: Readonly<
		Record<number, { minVersion: number; maxVersion: number }>
	>;
	readonly connectionPool: {
		send(request: {
			request: {
				apiKey: number;
				apiName: string;
				apiVersion: number;
				encode(): Promise<{ buffer: Buffer }>;
			};
			response: {
				decode(body: Buffer): Promise<unknown>;
				parse(decoded: unknown): Promise<unknown>;
			};
		}): Promise<unknown>;
	};
}

export interface Cluster {
	connect(): Promise<void>;
	disconnect(): Promise<void>;
	refreshMetadata(): Promise<void>;
	findControllerBroker(): Promise<Broker>;
}

const NOT_THERE = 3;
/**
 * How long to wait for a usable answer about a topic that is being created, or whose broker is
 * starting.
 */
const KNOWN_WITHIN_MS = 10_000;
const ASK_AGAIN_MS = 50;

export class Controller {
	readonly #cluster: Cluster;
	#connected = false;

	constructor(cluster: Cluster) {
		this.#cluster = cluster;
	}

	static async open(kafka: Kafka): Promise<Controller> {
		const cluster = clusterOf(kafka);
		await cluster.connect();
		return new Controller(cluster);
	}

	/** Sends a request to the controller and reads its response. */
	async send<T>({ read, body, ...request }: WireRequest<T>): Promise<T> {
		const broker = await this.#broker();
		const answer = await broker.connectionPool.send({
			request: { ...request, encode: async () => encoded(body) },
			response: {
				decode: async (bytes) => ({ value: read(bytes) }),
				parse: async (decoded) => (decoded as { value: T }).value,
			},
		});
		return answer as T;
	}

	/**
	 * The id of a topic; undefined if there is no such topic, or if the broker is too old for ids.
	 */
	async topicId(topic: string): Promise<string | undefined> {
		const { versions } = await this.#broker();
		if ((versions[METADATA_KEY]?.maxVersion ?? 0) < METADATA_WITH_IDS)
			return undefined;
		const deadline = Date.now() + KNOWN_WITHIN_MS;
		for (;;) {
			const { errorCode, id } = await this.send(topicMetadata(topic));
			if (id !== undefined) return id;
			if (errorCode === NOT_THERE) return undefined;
			if (Date.now() > deadline)
				throw new Error(
					`Kafka does not say the id of the topic ${topic} (error ${errorCode})`,
				);
			await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
		}
	}

	/** Makes the next request look up the controller again. */
	forgetController(): void {
		this.#connected = false;
	}

	disconnect(): Promise<void> {
		return this.#cluster.disconnect();
	}

	async #broker(): Promise<Broker> {
		if (!this.#connected) {
			await this.#cluster.refreshMetadata();
			this.#connected = true;
		}
		try {
			return await this.#cluster.findControllerBroker();
		} catch (error) {
			this.#connected = false;
			throw error;
		}
	}
}

/** A cluster with connections of its own. */
export const clusterOf = (kafka: Kafka): Cluster =>
	clusterFactory<Cluster>(kafka).create({ allowAutoTopicCreation: false });

/** A body in the form of kafkajs' encoder, with the fields that its connection uses. */
const encoded = (body: Buffer) => ({ buf: body, buffer: body });
