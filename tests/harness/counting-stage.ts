/** A stage as a program, for tests: it counts the records of each key, and shows its states. */
import { z } from "zod";
import { defineStage } from "../../packages/streams/src/index.ts";
import { serveStage } from "../../packages/streams/src/service.ts";

await serveStage(
	defineStage({
		name: "counting",
		input: z.int(),
		state: z.object({ count: z.int() }),
		output: z.int(),
		step: (state = { count: 0 }) => {
			const count = state.count + 1;
			return { state: { count }, outputs: [{ value: count }] };
		},
	}),
	{ input: "things", output: "thing-counts" },
	{ exposeState: { token: process.env.STATE_TOKEN ?? "" } },
);
