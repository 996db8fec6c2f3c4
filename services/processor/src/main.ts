/** The processor: turns ticks into Wiener records, exactly once. */
import { processorTopics, TOPIC_SETTINGS } from "@fireworks/contracts";
import { tryToPublish } from "@fireworks/pipeline";
import { runStageService } from "@fireworks/streams/service";
import { publishedAs, wiener } from "@fireworks/wiener/streams";
import { wienerStage } from "./wiener-stage.ts";

await runStageService({
	name: "processor",
	settings: [
		...TOPIC_SETTINGS,
		"seed",
		"processorPort",
		"processorGroup",
		"processorSessionTimeoutMs",
	],
	portSetting: "processorPort",
	create: (settings) => ({
		stage: wienerStage(settings.seed),
		topics: processorTopics(settings),
		options: {
			groupId: settings.processorGroup,
			sessionTimeoutMs: settings.processorSessionTimeoutMs,
		},
		alongside: (log, logger, signal) =>
			tryToPublish({
				log,
				settings,
				streams: publishedAs(wiener, settings.topicWiener),
				logger,
				signal,
			}),
	}),
});
