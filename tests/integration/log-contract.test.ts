/** The log's contract on a real broker, and what only a real broker and other clients can show. */
import { startTestKafka } from "@fireworks/local-kafka/testing";
import { logContract } from "../../packages/streams/test/contract/log-contract.ts";
import { testLog } from "../harness/stream.ts";

logContract("kafkajs on a real broker", async () => {
	const kafka = await startTestKafka({
		properties: {
			// How often the broker looks for transactions that are open for too long: 10 s where nothing is said.
			"transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
			"group.min.session.timeout.ms": "1000",
		},
	});
	const log = testLog(kafka.brokers);
	return {
		log,
		sessionTimeoutMs: 3_000,
		close: async () => {
			await log.close();
			await kafka.stop();
		},
	};
});
