/** The processor: turns ticks into Wiener records, exactly once. */
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
	],
	portSetting: "processorPort",
	create: (settings) => ({
		stage: wienerStage(settings.seed),
		topics: processorTopics(settings),
		options: {
			groupId: settings.processorGroup,
			sessionTimeoutMs: settings.processorSessionTimeoutMs,
		},
	}),
});
