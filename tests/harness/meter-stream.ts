/** A small stream for the tests of services/ingest: published, with settings of its own. */
import { randomUUID } from "node:crypto";
import { defineStream, int64, publish } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import { z } from "zod";
import { newStream, readTopic } from "./stream.ts";
import type { withBroker } from "./with-broker.ts";

/** Published now, or when `publish` is called. */
export async function meterStream(
	broker: ReturnType<typeof withBroker>,
	{ key = "id", later = false }: { key?: string | null; later?: boolean } = {},
) {
	const name = `meter-${randomUUID().slice(0, 8)}`;
	const { environment, settings } = newStream(broker.kafka.brokers);
	const { description } = defineStream({
		name,
		schema: z.object({
			id: int64(),
			at: z.iso.datetime({ offset: true }),
			value: z.number(),
		}),
		...(key === null ? {} : { key }),
		time: { path: "at" },
		measures: { value: {} },
	});
	const { log } = broker;
	const publishIt = () => publish({ log, settings, streams: [description] });
	if (!later) await publishIt();
	return {
		name,
		environment,
		publish: publishIt,
		/** Waits for this many records, and returns all. */
		records: (count: number) =>
			readTopic(log, name, (all) => all.length >= count),
		deadLetters: (count: number) =>
			readTopic(
				log,
				environment.FIREWORKS_TOPIC_DEAD_LETTER as string,
				(all) => all.length >= count,
			),
		/**
		 * Everything that is in the stream now: one more record in each partition shows where its
		 * end is.
		 */
		async allTexts(): Promise<string[]> {
			const end = `end-${randomUUID()}`;
			const partitions = (await log.offsets(name)) ?? [];
			for (const { partition } of partitions)
				await log.append(name, {
					partition,
					key: null,
					value: end,
					timestamp: Date.now(),
				});
			const isEnd = ({ value }: LogRecord) => String(value) === end;
			const all = await readTopic(
				log,
				name,
				(some) => some.filter(isEnd).length === partitions.length,
			);
			return all
				.map(({ value }) => String(value))
				.filter((text) => !text.startsWith("end-"))
				.sort();
		},
	};
}

/** A record of the stream as JSON text. */
export const meterText = (id: number | string, value: number | string = 1) =>
	`{"id":${id},"at":"2026-01-31T12:00:00Z","value":${value}}`;
