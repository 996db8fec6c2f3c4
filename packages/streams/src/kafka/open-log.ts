/** The port (log.ts) on kafkajs. */
import type { Admin, Kafka, Message, Producer } from "kafkajs";
import type { Log } from "../log.ts";
import { systemClock, within } from "../time.ts";
import { Controller } from "./controller.ts";
import { groupMembers } from "./group-members.ts";
import { kafkaClient, type OpenLogOptions } from "./kafka-client.ts";
import { lazily } from "./lazily.ts";
import { LeftGroups } from "./left-groups.ts";
import { KafkaGroupMember } from "./member.ts";
import { KafkaTransactionalProducer } from "./producer.ts";
import { openReader } from "./reader.ts";
import { ensureTopics, offsetRanges, type TopicClients } from "./topics.ts";

const CLOSE_MAX_MS = 2_000;

/**
 * Opens the log. It connects at its first use, and again after a failure. Throws SettingsError if a
 * file of the security settings is wrong.
 */
export function openLog(options: OpenLogOptions): Log {
	const { kafka, undecidedKafka, failure, withRefusals } = kafkaClient(options);
	const admin = lazily(() => connectedAdmin(kafka));
	const undecidedAdmin = lazily(() => connectedAdmin(undecidedKafka));
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
	const controller = lazily(() => Controller.open(kafka));
	const topics: TopicClients = {
		admin: admin.get,
		renewAdmin: admin.close,
		controller: controller.get,
	};
	const undecided = {
		admin: undecidedAdmin.get,
		renewAdmin: undecidedAdmin.close,
	};
	const leftGroups = new LeftGroups(admin.get);
	return {
		ensureTopics: (specs) => withRefusals(() => ensureTopics(topics, specs)),
		offsets: (topic) => withRefusals(() => offsetRanges(topics, topic)),
		ends: (topic) =>
			withRefusals(async () =>
				(await offsetRanges(undecided, topic))?.map(({ high }) => high),
			),
		topicId: (topic) =>
			withRefusals(async () => (await controller.get()).topicId(topic)),
		read: (readOptions) =>
			withRefusals(() => openReader(kafka, leftGroups, failure, readOptions)),
		member: (groupOptions) =>
			new KafkaGroupMember(kafka, failure, groupOptions),
		groupMembers: (groupId) =>
			withRefusals(() => groupMembers(admin.get, groupId)),
		transactionalProducer: (id, timeoutMs) =>
			new KafkaTransactionalProducer(kafka, failure, id, timeoutMs),
		append: (topic, record) =>
			withRefusals(async () => {
				await (await plain.get()).send({
					topic,
					acks: -1,
					messages: [record as unknown as Message],
				});
			}),
		close: async () => {
			await within(leftGroups.remove(), CLOSE_MAX_MS, systemClock);
			await within(
				Promise.all(
					[admin, undecidedAdmin, plain, controller].map((client) =>
						client.close(),
					),
				),
				CLOSE_MAX_MS,
				systemClock,
			);
		},
	};
}

async function connectedAdmin(kafka: Kafka): Promise<Admin> {
	const client = kafka.admin();
	await client.connect();
	return client;
}
