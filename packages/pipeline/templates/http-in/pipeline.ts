import { definePipeline } from "@fireworks/pipeline";
import { onlyWarm } from "./stages.ts";
import { readings, warm } from "./streams.ts";

export default definePipeline({
	name: "example",
	streams: [readings, warm],
	stages: [onlyWarm],
});
