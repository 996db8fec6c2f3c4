/** Streams of the catalog for tests of the page: published, with records. */
import { partitionOf } from "@fireworks/contracts";
import { publish, type StreamDescription, topicOf } from "@fireworks/pipeline";
import type { Log } from "@fireworks/streams";
import type { Page } from "playwright-core";

const PARTITIONS = 2;
const SETTINGS = {
	partitions: PARTITIONS,
	replicationFactor: 1,
	topicConfigs: "own" as const,
};
const TRANSACTION_TIMEOUT_MS = 60_000;

/** key: of the Kafka record. value: as JSON; a string is written unchanged. */
export interface TestRecord {
	key: string | null;
	value: object | string;
}

/** Makes the topic, publishes the stream, and appends the records in one transaction. */
export async function bring(
	log: Log,
	description: StreamDescription,
	records: readonly TestRecord[] = [],
): Promise<void> {
	await log.ensureTopics([topicOf(description, SETTINGS)]);
	await publish({ log, settings: SETTINGS, streams: [description] });
	if (records.length > 0) await append(log, description.name, records);
}

export async function append(
	log: Log,
	topic: string,
	records: readonly TestRecord[],
): Promise<void> {
	const producer = log.transactionalProducer(
		`test-${topic}`,
		TRANSACTION_TIMEOUT_MS,
	);
	const outgoing = records.map(({ key, value }) => ({
		partition: key === null ? 0 : partitionOf(Buffer.from(key), PARTITIONS),
		key,
		value: typeof value === "string" ? value : JSON.stringify(value),
		timestamp: Date.now(),
	}));
	await producer.transact(new Map([[topic, outgoing]]));
	await producer.close();
}

/** The lines or bars of one measure's chart, without the dots at the lines' ends. */
export const chartOf = (page: Page, measure: string) =>
	page.$eval(
		`.multiple[data-measure=${JSON.stringify(measure)}] .js-plotly-plot`,
		(element) => {
			// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
			const plot = element as any;
			const traces = plot.data.filter(
				(trace: { mode?: string }) => trace.mode !== "markers",
			);
			return {
				type: traces[0]?.type as string | undefined,
				lines: traces.map((trace: { x: number[]; y: number[] }) =>
					Array.from(trace.x, (x, i) => [x, trace.y[i]]),
				) as [number, number][][],
				x: [...plot.layout.xaxis.range] as [number, number],
				y: [...plot.layout.yaxis.range] as [number, number],
				times: [...plot.layout.xaxis.ticktext] as string[],
				values: [...plot.layout.yaxis.ticktext] as string[],
				heading: plot.layout.annotations[0]?.text as string,
			};
		},
	);
