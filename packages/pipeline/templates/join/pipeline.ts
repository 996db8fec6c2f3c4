import { definePipeline } from "@fireworks/pipeline";
import { alertsStage } from "./stages.ts";
import { alerts, devices, readings } from "./streams.ts";

export default definePipeline({
	name: "example",
	streams: [readings, devices, alerts],
	stages: [alertsStage],
});
