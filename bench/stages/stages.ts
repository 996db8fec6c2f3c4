/** The measured stages. All read the same records; they differ in what they do with them. */
import {
	defineStage,
	type Stage,
	stream,
	tumbling,
	windowed,
} from "@fireworks/streams";
import { z } from "zod";

const reading = z.object({
	station: z.string(),
	amount: z.number(),
	note: z.string(),
});
export type Reading = z.infer<typeof reading>;
const totals = z.object({ count: z.int(), sum: z.number() });
type Totals = z.infer<typeof totals>;

const readings = (input: string) => stream(input, reading);

/** What a stage of a user does most: a state and an output for each record, by zod schemas. */
const step = () =>
	defineStage({
		name: "step",
		input: reading,
		state: totals,
		output: totals,
		step: (old = { count: 0, sum: 0 }, { value }) => {
			const state = { count: old.count + 1, sum: old.sum + value.amount };
			return { state, outputs: [{ value: state }] };
		},
	});

/** The same by hand, without schemas: the difference is what they cost. */
const byHand = (): Stage<Reading, Totals, Totals & { key: string }> => ({
	name: "by-hand",
	decode: ({ value }) => JSON.parse(String(value)),
	keyOf: ({ station }) => station,
	step: (old = { count: 0, sum: 0 }, { station, amount }) => {
		const state = { count: old.count + 1, sum: old.sum + amount };
		return { state, outputs: [{ key: station, ...state }] };
	},
	encodeOutput: ({ key, ...value }) => ({
		key,
		value: JSON.stringify(value),
		timestamp: 0,
	}),
	state: { encode: JSON.stringify, decode: (_key, text) => JSON.parse(text) },
	config: {},
});

/** Passes on what `step` gives. */
const secondStep = () =>
	defineStage({
		name: "second-step",
		input: totals,
		state: totals,
		output: totals,
		step: (_old, { value }) => ({ state: value, outputs: [{ value }] }),
	});

const count = (input: string, output: string, width = "1m") =>
	windowed<Reading, number, { count: number; start: number }>({
		name: "count",
		input: readings(input),
		output: stream(output, z.object({ count: z.int(), start: z.int() })),
		window: tumbling(width),
		accumulator: z.int(),
		initial: () => 0,
		add: (n) => n + 1,
		result: (n, { start }) => ({ count: n, start }),
	});

const sum = (input: string, output: string) =>
	windowed<Reading, number, { sum: number; start: number }>({
		name: "sum",
		input: readings(input),
		output: stream(output, z.object({ sum: z.number(), start: z.int() })),
		window: tumbling("1m"),
		accumulator: z.number(),
		initial: () => 0,
		add: (n, { value }) => n + value.amount,
		result: (n, { start }) => ({ sum: n, start }),
	});

// biome-ignore lint/suspicious/noExplicitAny: only the parts of one stage fit each other.
type AnyStage = Stage<any, any, any>;

/** By name: the stage for these topics, and what it does. */
export const STAGES: Readonly<
	Record<
		string,
		{ does: string; create(input: string, output: string): AnyStage }
	>
> = {
	step: {
		does: "defineStage with zod: state and output a record",
		create: step,
	},
	"second-step": { does: "passes on what step gives", create: secondStep },
	"by-hand": { does: "the same without schemas", create: byHand },
	count: { does: "tumbling count by key, final", create: count },
	sum: { does: "tumbling sum by key, final", create: sum },
	"long-count": {
		does: "as count, with a window that stays open",
		create: (input, output) => count(input, output, "365d"),
	},
};
