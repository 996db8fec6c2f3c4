import { definePipeline } from "@fireworks/pipeline";
import { convert } from "./stages.ts";
import { fahrenheit, readings } from "./streams.ts";

export default definePipeline({
	name: "example",
	streams: [readings, fahrenheit],
	stages: [convert],
});
