/** The means of pipelines/weather, computed as a batch over all rows at once. */
import { partitionOf } from "@fireworks/contracts";
import { weatherFile } from "../../pipelines/weather/source.ts";

interface Row {
	station: string;
	at: string;
	temperature: number;
}

const DAY_MS = 86_400_000;
const DAYS = 7;

/** All rows of the file, in the order in which the source writes them. */
export async function weatherRows(): Promise<Row[]> {
	const rows: Row[] = [];
	for (let position: unknown, done = false; !done; ) {
		const polled = await weatherFile.poll(
			position,
			new AbortController().signal,
		);
		rows.push(...(polled.records as Row[]));
		position = polled.position;
		done = polled.done === true;
	}
	return rows;
}

/**
 * By "station start", each window that has closed: those that end before the newest row of their
 * partition. The sums are made in the order of the rows, so they are equal to the last bit.
 */
export function batchOf(
	rows: readonly Row[],
	partitions = 4,
): Map<string, { days: number; temperature: number }> {
	const newest = new Map<number, number>();
	const sums = new Map<string, { end: number; days: number; sum: number }>();
	for (const { station, at, temperature } of rows) {
		const time = Date.parse(at);
		newest.set(partitionOf(Buffer.from(station), partitions), time);
		const last = time - (((time % DAY_MS) + DAY_MS) % DAY_MS);
		for (let back = DAYS - 1; back >= 0; back--) {
			const start = last - back * DAY_MS;
			const window = `${station} ${new Date(start).toISOString()}`;
			const { days = 0, sum = 0 } = sums.get(window) ?? {};
			sums.set(window, {
				end: start + DAYS * DAY_MS,
				days: days + 1,
				sum: sum + temperature,
			});
		}
	}
	return new Map(
		[...sums].flatMap(([window, { end, days, sum }]) => {
			const station = window.slice(0, window.lastIndexOf(" "));
			const clock = newest.get(
				partitionOf(Buffer.from(station), partitions),
			) as number;
			return end > clock ? [] : [[window, { days, temperature: sum / days }]];
		}),
	);
}
