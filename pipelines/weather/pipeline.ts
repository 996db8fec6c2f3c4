/** Weather of two stations: means of seven days, and alerts after them. The example to copy. */
import { definePipeline } from "@fireworks/pipeline";
import { stationList, weatherFile } from "./source.ts";
import { alertsStage, meansStage } from "./stages.ts";
import { alerts, means, readings, stations } from "./streams.ts";

export default definePipeline({
	name: "weather",
	streams: [readings, stations, means, alerts],
	sources: [stationList, weatherFile],
	stages: [meansStage, alertsStage],
});
