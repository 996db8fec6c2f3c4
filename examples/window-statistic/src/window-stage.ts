/**
 * Mean of each device's value over tumbling windows of event time. A window's result is written
 * when the next window begins.
 */
import { wienerSchema } from "@fireworks/contracts";
import { defineStage } from "@fireworks/streams";
import { z } from "zod";

const shared = { start: z.int(), count: z.int() };

export const windowStage = (widthMs: number) =>
	defineStage({
		name: "window-statistic",
		input: wienerSchema,
		state: z.object({ ...shared, sum: z.number() }),
		output: z.object({ ...shared, mean: z.number() }),
		config: { widthMs: String(widthMs) },
		step: (open, { value: { timestamp, value } }) => {
			const start = timestamp - (timestamp % widthMs);
			if (open?.start === start) {
				const { count, sum } = open;
				return { state: { start, count: count + 1, sum: sum + value } };
			}
			const state = { start, count: 1, sum: value };
			if (open === undefined) return { state };
			const { sum, ...closed } = open;
			return {
				state,
				outputs: [{ value: { ...closed, mean: sum / open.count } }],
			};
		},
	});
