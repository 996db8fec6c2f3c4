/**
 * A stage of one's own as a program, for tests: it counts days by their kind of weather, and sends
 * snow to a topic of its own too.
 */

import { z } from "zod";
import { defineStage } from "../../packages/streams/src/index.ts";
import { serveStage } from "../../packages/streams/src/service.ts";

await serveStage(
	defineStage({
		name: "old-days",
		input: z.object({ kind: z.string() }),
		state: z.int(),
		output: z.object({ kind: z.string(), count: z.int() }),
		step: (count = 0, { value: { kind } }) => {
			const value = { kind, count: count + 1 };
			return {
				state: count + 1,
				outputs: [
					{ key: kind, value },
					...(kind === "snow"
						? [{ key: kind, value, topic: "snow-days" }]
						: []),
				],
			};
		},
	}),
	{ input: "days", output: "day-counts", sideOutputs: ["snow-days"] },
);
