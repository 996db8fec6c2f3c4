/** A middleware on a log in memory, with a catalog and streams that a test writes. */
import {
	catalogTopic,
	defineStream,
	publish,
	type StreamOptions,
	topicOf,
} from "@fireworks/pipeline";
import type { OutgoingRecord } from "@fireworks/streams";
import { memoryLog } from "@fireworks/streams/testing";
import { afterEach } from "vitest";
import { z } from "zod";
import type { ClientLimits } from "../../src/limits.ts";
import type { ReadableLog } from "../../src/reader/readable-log.ts";
import { runOn, until } from "./running.ts";
import { StreamViewer } from "./stream-viewer.ts";

const SETTINGS = {
	partitions: 2,
	replicationFactor: 1,
	topicConfigs: "own" as const,
};
const READINGS = z.object({
	id: z.string(),
	t: z.number(),
	v: z.number().nullable().optional(),
	w: z.number().nullable().optional(),
});

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ending.splice(0).reverse()) await end();
});

/** Runs until the test ends. wrap: changes the log that the middleware gets. */
export async function streamSystem(
	limits: Partial<ClientLimits> = {},
	wrap: (log: ReadableLog) => ReadableLog = (log) => log,
) {
	const log = memoryLog();
	const running = await runOn(wrap(log), {}, limits);
	ending.push(running.end);
	const list = new StreamViewer(running.port);
	ending.push(() => list.close());
	const listed = (name: string) =>
		list
			.of("streams")
			.at(-1)
			?.streams.find((stream) => stream.name === name);
	/** Every change is known to the middleware when it resolves. */
	const system = {
		...running,
		log,
		/** Publishes a stream of readings, and makes its topic. */
		async publish(
			name: string,
			{
				key = "id",
				...more
			}: Pick<Partial<StreamOptions<never>>, "measures"> & {
				/** null: none. */
				key?: string | null;
			} = {},
		) {
			const { description } = defineStream({
				name,
				schema: READINGS,
				...(key !== null && { key }),
				time: { path: "t", unit: "ms" },
				measures: { v: {} },
				...more,
			});
			await log.ensureTopics([topicOf(description, SETTINGS)]);
			const [entry] = await publish({
				log,
				settings: SETTINGS,
				streams: [description],
				allowIncompatible: true,
			});
			await until(() => listed(name)?.version === entry?.version);
		},
		async unpublish(name: string) {
			await log.ensureTopics([catalogTopic(SETTINGS)]);
			await system.append("fireworks-catalog", null, { key: name });
			await until(() => listed(name) === undefined);
		},
		/** value: as JSON, unless it is bytes. */
		append(topic: string, value: unknown, more: Partial<OutgoingRecord> = {}) {
			return log.append(topic, {
				partition: 0,
				key: null,
				value:
					value === null || Buffer.isBuffer(value)
						? value
						: JSON.stringify(value),
				timestamp: Date.now(),
				...more,
			});
		},
		view(query = ""): StreamViewer {
			const viewer = new StreamViewer(running.port, query);
			ending.push(() => viewer.close());
			return viewer;
		},
		metric: async (name: string) => {
			const text = await running.registry.metrics();
			const line = text.split("\n").find((one) => one.startsWith(`${name} `));
			return line === undefined ? undefined : Number(line.split(" ").at(-1));
		},
	};
	return system;
}
