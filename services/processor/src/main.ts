/** The processor: ticks to Wiener records, exactly once. */
import { EXIT, processorTopics, TOPIC_SETTINGS } from "@fireworks/contracts";
import { runService, ServiceExit } from "@fireworks/service-kit";
import { openLog, runStage, StreamsError } from "@fireworks/streams";
import { wienerStage } from "./wiener-stage.ts";

await runService({
	name: "processor",
	settings: [
		...TOPIC_SETTINGS,
		"brokers",
		"seed",
		"processorPort",
		"processorGroup",
		"processorSessionTimeoutMs",
		"processorTransactionRecordsMax",
		"processorTransactionBytesMax",
	],
	async run({ settings, logger, registry, signal, serve }) {
		const log = openLog({
			brokers: settings.brokers,
			clientId: "fireworks-processor",
			logger,
		});
		const stage = runStage({
			stage: wienerStage(settings.seed),
			topics: { input: settings.topicMetronome, ...processorTopics(settings) },
			log,
			logger,
			registry,
			signal,
			options: {
				groupId: settings.processorGroup,
				sessionTimeoutMs: settings.processorSessionTimeoutMs,
				recordsMax: settings.processorTransactionRecordsMax,
				bytesMax: settings.processorTransactionBytesMax,
			},
		});
		try {
			await Promise.all([
				serve(settings.processorPort, {
					live: stage.notLive,
					ready: stage.notReady,
				}),
				stage.ended,
			]);
		} catch (error) {
			if (
				error instanceof StreamsError &&
				error.fatal &&
				error.code !== "stage-failed"
			)
				throw new ServiceExit(EXIT.config, error.message, { cause: error });
			throw error;
		} finally {
			await log.close();
		}
	},
});
