import { definePipeline } from "@fireworks/pipeline";
import { minuteMeans } from "./stages.ts";
import { means, readings } from "./streams.ts";

export default definePipeline({
	name: "example",
	streams: [readings, means],
	stages: [minuteMeans],
});
