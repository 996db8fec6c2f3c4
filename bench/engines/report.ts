/**
 * The comparison's tables. For several rounds they show the median, with the smallest and the
 * largest value.
 */
import { median } from "../fanout/quantile.ts";
import type { Engine } from "./engine.ts";
import type { Live } from "./live.ts";
import type { Throughput } from "./throughput.ts";

export interface Results {
	machine: string;
	records: number;
	throughput: Map<string, Throughput[]>;
	live: Map<string, Live[]>;
	slope: Map<string, Live[]>;
}

const figure = (value: number): string => {
	if (!Number.isFinite(value)) return "behind";
	if (value >= 1_000) return Math.round(value).toLocaleString("en");
	return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
};

const spread = (values: readonly number[]): string =>
	values.length === 0
		? ""
		: values.length === 1
			? figure(values[0] as number)
			: `${figure(median(values))} (${figure(Math.min(...values))} to ${figure(Math.max(...values))})`;

const table = (head: readonly string[], rows: readonly string[][]): string =>
	[head, head.map(() => "---"), ...rows]
		.map((cells) => `| ${cells.join(" | ")} |`)
		.join("\n");

export function markdown(results: Results, engines: readonly Engine[]): string {
	const { machine, records, throughput, live, slope } = results;
	const rows = <T>(
		of: Map<string, T[]>,
		cells: (all: T[]) => string[],
	): string[][] => [...of].map(([name, all]) => [name, ...cells(all)]);
	const parts = [
		`${machine}. Each engine ran alone with the broker, in turn; median (smallest to largest) of the rounds. Times are the broker's own append times; every record was recomputed and compared to the bit.`,
		table(
			["engine", "what it does"],
			engines.map(({ name, does }) => [name, does]),
		),
	];
	if (throughput.size > 0)
		parts.push(
			`### ${records.toLocaleString("en")} preloaded ticks`,
			table(
				[
					"engine",
					"first record after, s",
					"records/s from there on",
					"all done after, s",
					"CPU s for a million, start included",
					"memory, MB",
				],
				rows(throughput, (all) => [
					spread(all.map((t) => t.startUpSeconds)),
					spread(all.map((t) => t.perSecond)),
					spread(all.map((t) => t.allSeconds)),
					spread(all.map((t) => t.cpuSecondsPerMillion)),
					spread(all.map((t) => t.residentMb)),
				]),
			),
		);
	if (live.size > 0)
		parts.push(
			`### ${[...live.values()][0]?.[0]?.devices.toLocaleString("en")} devices at 1 Hz`,
			table(
				[
					"engine",
					"tick to record, ms: p50",
					"p99",
					"of a core",
					"memory, MB",
					"away after kill -9, s",
				],
				rows(live, (all) => [
					spread(all.map((l) => l.p50)),
					spread(all.map((l) => l.p99)),
					spread(all.map((l) => l.cores)),
					spread(all.map((l) => l.residentMb)),
					spread(all.flatMap((l) => l.recoverySeconds)),
				]),
			),
		);
	if (slope.size > 0) {
		const sizes = new Map(
			[...slope.values()].flat().map((l) => [l.devices, l.intervalMs]),
		);
		parts.push(
			"### The slope: p99, ms (of a core), by the number of devices, at 1 Hz where nothing else is said",
			table(
				[
					"engine",
					...[...sizes].map(
						([n, ms]) =>
							`${n.toLocaleString("en")}${ms > 1_000 ? `, every ${ms / 1_000} s` : ""}`,
					),
				],
				rows(slope, (all) =>
					[...sizes.keys()].map((n) => {
						const found = all.find((l) => l.devices === n);
						return found === undefined
							? "not tried"
							: found.behind > 0
								? `behind by ${figure(found.behind)} ticks`
								: `${figure(found.p99)} (${found.cores.toFixed(2)})`;
					}),
				),
			),
		);
	}
	return `${parts.join("\n\n")}\n`;
}

/** Parses the output of json. */
export function fromJson(text: string): Results {
	const { throughput, live, slope, ...rest } = JSON.parse(text);
	const map = <T>(of: Record<string, T>) => new Map(Object.entries(of));
	return {
		...rest,
		throughput: map(throughput),
		live: map(live),
		slope: map(slope),
	};
}

export const json = (results: Results): string =>
	`${JSON.stringify(
		{
			...results,
			throughput: Object.fromEntries(results.throughput),
			live: Object.fromEntries(results.live),
			slope: Object.fromEntries(results.slope),
		},
		null,
		"\t",
	)}\n`;
