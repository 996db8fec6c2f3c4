/** Runs the stage as a service. */
import { serveStage } from "@fireworks/streams/service";
import { windowStage } from "./window-stage.ts";

await serveStage(windowStage(10_000), {
	input: "wiener",
	output: "wiener-windows",
});
