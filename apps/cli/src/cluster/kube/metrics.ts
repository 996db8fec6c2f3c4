/** Lag and rates of a release, from the /metrics of its pods through the API server's proxy. */
import type { V1Pod } from "@kubernetes/client-node";
import type { PartName } from "../../local/part-names.ts";
import type { Kube } from "./client.ts";
import { portsOf } from "./pod-state.ts";
import { getText } from "./raw-request.ts";

const TIMEOUT_MS = 5_000;

/** By metric, the sum over all its labels. */
export type Metrics = ReadonlyMap<string, number>;

/** Reads Prometheus' text format. */
export function parseMetrics(text: string): Metrics {
	const sums = new Map<string, number>();
	for (const line of text.split("\n")) {
		const found = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? ([^ ]+)/.exec(line);
		const value = Number(found?.[2]);
		if (found?.[1] === undefined || Number.isNaN(value)) continue;
		sums.set(found[1], (sums.get(found[1]) ?? 0) + value);
	}
	return sums;
}

/**
 * undefined if the pod does not answer. It may be starting, or a network policy may block the API
 * server.
 */
export async function podMetrics(
	kube: Kube,
	namespace: string,
	pod: V1Pod,
): Promise<Metrics | undefined> {
	const port = portsOf(pod).http;
	if (port === undefined) return undefined;
	const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata?.name}:${port}/proxy/metrics`;
	try {
		const signal = AbortSignal.timeout(TIMEOUT_MS);
		return parseMetrics(await getText(kube, path, signal));
	} catch {
		return undefined;
	}
}

/** A JSON page of a pod's health port; undefined if it does not answer, or has no such page. */
export async function podPage(
	kube: Kube,
	namespace: string,
	pod: V1Pod,
	page: string,
): Promise<unknown> {
	const port = portsOf(pod).http;
	if (port === undefined) return undefined;
	const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata?.name}:${port}/proxy${page}`;
	try {
		return JSON.parse(
			await getText(kube, path, AbortSignal.timeout(TIMEOUT_MS)),
		);
	} catch {
		return undefined;
	}
}

/** The metrics that are shown for each part: its counter as a rate, its gauge as it is. */
const SHOWN: Partial<
	Record<PartName, { counter: string; unit: string; lag?: string }>
> = {
	metronome: { counter: "fireworks_metronome_records_total", unit: "ticks/s" },
	processor: {
		counter: "fireworks_stage_output_records_total",
		unit: "records/s",
		lag: "fireworks_stage_lag_records",
	},
	middleware: {
		counter: "fireworks_middleware_events_received_total",
		unit: "events/s",
		lag: "fireworks_middleware_reader_lag",
	},
};

export interface Flow {
	/** e.g. "5.0 ticks/s". */
	rate: string;
	/** Records that wait to be processed; null if the part does not report this. */
	lag: number | null;
}

/** Computed from two readings that are some seconds apart. */
export function flowOf(
	part: string,
	before: Metrics | undefined,
	after: Metrics | undefined,
	seconds: number,
): Flow | undefined {
	const shown = Object.hasOwn(SHOWN, part)
		? SHOWN[part as PartName]
		: undefined;
	if (!shown || !before || !after) return undefined;
	const counted =
		(after.get(shown.counter) ?? 0) - (before.get(shown.counter) ?? 0);
	return {
		// A pod that was restarted in between counts from zero, which would make the rate negative.
		rate: `${(Math.max(0, counted) / seconds).toFixed(1)} ${shown.unit}`,
		lag: shown.lag === undefined ? null : (after.get(shown.lag) ?? null),
	};
}
