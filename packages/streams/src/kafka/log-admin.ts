/** What a program needs to look at topics and groups, and to delete them. */
import kafkajs, { type Admin } from "kafkajs";
import type { OffsetRange } from "../log.ts";
import { systemClock, within } from "../time.ts";
import { NAME } from "./assigner.ts";
import { Controller, clusterOf } from "./controller.ts";
import { DirectReader, type Fetched, type Place } from "./direct-reader.ts";
import { kafkaClient, type OpenLogOptions } from "./kafka-client.ts";
import { lazily } from "./lazily.ts";
import { offsetRanges } from "./topics.ts";

const { AssignerProtocol, ConfigResourceTypes } = kafkajs;

export interface TopicDescription {
	readonly name: string;
	readonly partitions: number;
	readonly replicationFactor: number;
	/** The settings that were made for this topic; the others are the broker's. */
	readonly config: Readonly<Record<string, string>>;
	/** `cleanup.policy`, wherever it comes from. */
	readonly cleanup: string;
}

export interface GroupDescription {
	readonly id: string;
	/** Kafka's name of the state, such as Stable, Empty or Dead. */
	readonly state: string;
	/** about: what a stage says of itself; empty for members of other programs. */
	readonly members: readonly {
		readonly host: string;
		readonly about: string;
	}[];
}

/** Connects at its first use. */
export interface LogAdmin {
	/** The names of all topics, in order. */
	topics(): Promise<readonly string[]>;
	/** Of topics that exist. */
	describe(topics: readonly string[]): Promise<readonly TopicDescription[]>;
	/** As Log.offsets. */
	offsets(topic: string): Promise<readonly OffsetRange[] | undefined>;
	/** In each partition the first offset of this time or later, or its end. ms since 1970. */
	offsetsAt(topic: string, time: number): Promise<ReadonlyMap<number, number>>;
	/** As DirectReader.fetch. */
	fetch(
		places: readonly Place[],
		maxWaitMs: number,
	): Promise<readonly Fetched[]>;
	groups(ids: readonly string[]): Promise<readonly GroupDescription[]>;
	/** The ids of all consumer groups. */
	groupIds(): Promise<readonly string[]>;
	/** Removes groups without members; one that cannot be removed stays. */
	deleteGroups(ids: readonly string[]): Promise<void>;
	deleteTopics(topics: readonly string[]): Promise<void>;
	close(): Promise<void>;
}

/** Configuration that was set on the topic itself. */
const FROM_TOPIC = 1;
const DELETE_WITHIN_MS = 10_000;
const CLOSE_MAX_MS = 2_000;

/** Throws SettingsError if a file of the security settings is wrong. */
export function openAdmin(options: OpenLogOptions): LogAdmin {
	const { kafka, withRefusals } = kafkaClient(options);
	const admin = lazily<Admin>(async () => {
		const client = kafka.admin();
		await client.connect();
		return client;
	});
	const controller = lazily(() => Controller.open(kafka));
	const cluster = lazily(async () => {
		const own = clusterOf(kafka);
		await own.connect();
		return own;
	});
	const clients = {
		admin: admin.get,
		renewAdmin: admin.close,
		controller: controller.get,
	};
	const asked = <T>(work: (client: Admin) => Promise<T>): Promise<T> =>
		withRefusals(async () => work(await admin.get()));
	return {
		topics: () =>
			asked(async (client) => (await client.listTopics()).toSorted()),
		describe: (topics) => asked((client) => describe(client, topics)),
		offsets: (topic) => withRefusals(() => offsetRanges(clients, topic)),
		offsetsAt: (topic, time) =>
			asked(async (client) => {
				const found = await client.fetchTopicOffsetsByTimestamp(topic, time);
				return new Map(
					found.map(({ partition, offset }) => [partition, Number(offset)]),
				);
			}),
		fetch: (places, maxWaitMs) =>
			withRefusals(async () =>
				new DirectReader(await cluster.get()).fetch(places, maxWaitMs),
			),
		groups: (ids) => asked((client) => groups(client, ids)),
		groupIds: () =>
			asked(async (client) =>
				(await client.listGroups()).groups.map(({ groupId }) => groupId),
			),
		deleteGroups: (ids) =>
			asked(async (client) => {
				await client.deleteGroups([...ids]).catch(() => {});
			}),
		deleteTopics: (topics) =>
			asked((client) =>
				client.deleteTopics({ topics: [...topics], timeout: DELETE_WITHIN_MS }),
			),
		close: () =>
			within(
				Promise.all([admin.close(), cluster.close(), controller.close()]),
				CLOSE_MAX_MS,
				systemClock,
			),
	};
}

async function describe(
	client: Admin,
	topics: readonly string[],
): Promise<readonly TopicDescription[]> {
	if (topics.length === 0) return [];
	const [metadata, { resources }] = await Promise.all([
		client.fetchTopicMetadata({ topics: [...topics] }),
		client.describeConfigs({
			includeSynonyms: false,
			resources: topics.map((name) => ({
				type: ConfigResourceTypes.TOPIC,
				name,
			})),
		}),
	]);
	const configs = new Map(resources.map((one) => [one.resourceName, one]));
	return metadata.topics.map(({ name, partitions }) => {
		const entries = configs.get(name)?.configEntries ?? [];
		const own = entries.filter(
			(one) => Number(one.configSource) === FROM_TOPIC,
		);
		return {
			name,
			partitions: partitions.length,
			replicationFactor: partitions[0]?.replicas.length ?? 1,
			config: Object.fromEntries(
				own.map((one) => [one.configName, one.configValue]),
			),
			cleanup:
				entries.find((one) => one.configName === "cleanup.policy")
					?.configValue ?? "delete",
		};
	});
}

async function groups(
	client: Admin,
	ids: readonly string[],
): Promise<readonly GroupDescription[]> {
	if (ids.length === 0) return [];
	const found = await client.describeGroups([...ids]);
	return found.groups.map(({ groupId, state, protocol, members }) => ({
		id: groupId,
		state,
		members: members.map(({ clientHost, memberMetadata }) => ({
			host: clientHost.replace(/^\//, ""),
			about: protocol === NAME ? aboutOf(memberMetadata) : "",
		})),
	}));
}

function aboutOf(metadata: Buffer): string {
	// While a group rebalances, the broker sends no metadata.
	if (metadata.length === 0) return "";
	return (
		AssignerProtocol.MemberMetadata.decode(metadata)?.userData.toString(
			"utf8",
		) ?? ""
	);
}
