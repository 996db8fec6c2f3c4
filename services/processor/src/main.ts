/** The processor: ticks to Wiener records, exactly once. */
import { processorTopics, TOPIC_SETTINGS } from "@fireworks/contracts";
import { runStageService } from "@fireworks/streams/service";
import { wienerStage } from "./wiener-stage.ts";

await runStageService({
	name: "processor",
	settings: [
		...TOPIC_SETTINGS,
		"seed",
		"processorPort",
		"processorGroup",
		"processorSessionTimeoutMs",
		"processorTransactionRecordsMax",
		"processorTransactionBytesMax",
	],
	create: (settings) => ({
		stage: wienerStage(settings.seed),
		topics: processorTopics(settings),
		port: settings.processorPort,
		options: {
			groupId: settings.processorGroup,
			sessionTimeoutMs: settings.processorSessionTimeoutMs,
			recordsMax: settings.processorTransactionRecordsMax,
			bytesMax: settings.processorTransactionBytesMax,
		},
	}),
});
