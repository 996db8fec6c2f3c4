/**
 * The log's contract on a real broker, and behaviour that only a real broker and other clients can
 * show.
 */
import { startTestKafka } from "@fireworks/local-kafka/testing";
import kafkajs, { Kafka } from "kafkajs";
import { logContract } from "../../packages/streams/test/contract/log-contract.ts";
import { testLog } from "../harness/stream.ts";

logContract("kafkajs on a real broker", async () => {
	const kafka = await startTestKafka({
		properties: {
			// How often the broker looks for transactions that are open too long. The default is 10
			// s.
			"transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
			"group.min.session.timeout.ms": "1000",
		},
	});
	const log = testLog(kafka.brokers);
	const admin = new Kafka({
		brokers: kafka.brokers,
		logLevel: kafkajs.logLevel.NOTHING,
	}).admin();
	await admin.connect();
	return {
		log,
		sessionTimeoutMs: 3_000,
		deleteTopic: async (topic) => admin.deleteTopics({ topics: [topic] }),
		close: async () => {
			await admin.disconnect();
			await log.close();
			await kafka.stop();
		},
	};
});
