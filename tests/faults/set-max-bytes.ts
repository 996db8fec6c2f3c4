/** Changes the maximum message size of a topic while it is in use. */
import kafkajs, { Kafka } from "kafkajs";

export async function setMaxBytes(
	brokers: readonly string[],
	topic: string,
	value: string,
): Promise<void> {
	const admin = new Kafka({
		brokers: [...brokers],
		logLevel: kafkajs.logLevel.NOTHING,
	}).admin();
	await admin.connect();
	try {
		await admin.alterConfigs({
			validateOnly: false,
			resources: [
				{
					type: kafkajs.ConfigResourceTypes.TOPIC,
					name: topic,
					configEntries: [{ name: "max.message.bytes", value }],
				},
			],
		});
	} finally {
		await admin.disconnect();
	}
}
