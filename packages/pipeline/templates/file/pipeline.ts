import { definePipeline } from "@fireworks/pipeline";
import { file } from "./source.ts";
import { readings } from "./streams.ts";

export default definePipeline({
	name: "example",
	streams: [readings],
	sources: [file],
});
