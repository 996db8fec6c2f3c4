/** The windowed operators that several tests share: count, sum and the ids of the records. */
import { z } from "zod";
import {
	type Duration,
	stream,
	type Window,
	windowed,
} from "../../src/index.ts";

const events = stream("events", z.object({ id: z.int(), amount: z.int() }));

export interface Result {
	key: string;
	start: number;
	end: number;
	count: number;
	sum: number;
	ids: number[];
}

const results = stream<Result>(
	"results",
	z.object({
		key: z.string(),
		start: z.int(),
		end: z.int(),
		count: z.int(),
		sum: z.int(),
		ids: z.array(z.int()),
	}),
);

export const summed = (
	window: Window,
	grace: Duration = 0,
	emit: "final" | "updates" = "final",
) =>
	windowed({
		name: "summed",
		input: events,
		output: results,
		window,
		grace,
		emit,
		accumulator: z.object({ sum: z.int(), ids: z.array(z.int()) }),
		initial: () => ({ sum: 0, ids: [] as number[] }),
		add: ({ sum, ids }, { value }) => ({
			sum: sum + value.amount,
			ids: [...ids, value.id],
		}),
		merge: (a, b) => ({ sum: a.sum + b.sum, ids: [...a.ids, ...b.ids] }),
		result: ({ sum, ids }, span) => ({
			...span,
			sum,
			ids: ids.toSorted((a, b) => a - b),
			count: ids.length,
		}),
		late: "late",
	});
