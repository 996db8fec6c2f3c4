/**
 * The streams of the built-in example. Its stages run as services of their own: services/metronome
 * writes the ticks, services/processor (or another engine) makes Wiener records of them. Both
 * services publish their streams too, so that the catalog has them where this pipeline is not run;
 * the other engines do not.
 */
import { definePipeline } from "@fireworks/pipeline";
import { metronome, wiener } from "@fireworks/wiener/streams";

export { metronome, wiener };

export default definePipeline({
	name: "wiener",
	streams: [metronome, wiener],
});
