/**
 * A topic is deleted and created again while services run. What held for the old topic must not be
 * carried over to the new one unnoticed. The same tests run for every engine.
 */
import { EXIT, metronomeTopics, processorTopics } from "@fireworks/contracts";
import kafkajs, { type Admin, Kafka } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Service, startService } from "../harness/service.ts";
import { newStream, readTopic, type TestStream } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
let admin: Admin;
beforeAll(async () => {
	admin = new Kafka({
		brokers: broker.kafka.brokers,
		logLevel: kafkajs.logLevel.NOTHING,
	}).admin();
	await admin.connect();
});
afterAll(() => admin?.disconnect());

/** Seconds, as in the recipe; a busy machine may need more. */
const NOTICED_MAX_MS = 60_000;

async function makeAgain(stream: TestStream, topic: string): Promise<void> {
	const id = await broker.log.topicId(topic);
	const { ticks, changelog: clock } = metronomeTopics(stream.settings);
	const { output, changelog } = processorTopics(stream.settings);
	const spec = [ticks, clock, output, changelog].find((s) => s.name === topic);
	if (spec === undefined) throw new Error(`no topic ${topic}`);
	await admin.deleteTopics({ topics: [topic] });
	// A running service may be faster.
	await waitFor("the topic to be made again", async () => {
		await broker.log.ensureTopics([spec]);
		const now = await broker.log.topicId(topic);
		return now !== undefined && now !== id;
	});
}

async function running(engine: string) {
	const stream = newStream(broker.kafka.brokers, {
		FIREWORKS_METRONOME_INTERVAL_MS: "200",
		FIREWORKS_METRONOME_DEVICES: "4",
	});
	const metronome = await startService("metronome", stream.environment);
	await metronome.ready();
	const processor = await startService("processor", {
		...stream.environment,
		FIREWORKS_ENGINE: engine,
	});
	await processor.ready(180_000);
	await waitFor("records of every partition", async () => {
		const ends = await broker.log.offsets(stream.settings.topicWiener);
		return ends?.some(({ high }) => high > 20);
	});
	return { stream, metronome, processor };
}

async function noticed(processor: Service, topic: string): Promise<void> {
	await waitFor("the processor to end", () => processor.ended, NOTICED_MAX_MS);
	expect((await processor.exit).code).toBe(EXIT.config);
	const last = processor.log.findLast(({ level }) => level === "fatal");
	expect(last?.msg).toMatch(
		new RegExp(
			`the topic ${topic} was deleted and made again|lies past the end \\d+ of ${topic}/`,
		),
	);
}

describe.for(["typescript", "python", "spark"])(
	"the %s processor",
	(engine) => {
		test.for([
			"topicMetronome",
			"topicWiener",
			"topicProcessorChangelog",
		] as const)(
			"ends with 78 when %s is made again while it runs, and at its next start as well",
			async (which) => {
				const { stream, processor } = await running(engine);
				const topic = stream.settings[which];
				await makeAgain(stream, topic);
				await noticed(processor, topic);
				const again = await startService("processor", {
					...stream.environment,
					FIREWORKS_ENGINE: engine,
				});
				await waitFor("its next start to end", () => again.ended, 180_000);
				expect((await again.exit).code).toBe(EXIT.config);
			},
		);
	},
);

describe("the metronome", () => {
	test.for(["topicMetronome", "topicMetronomeChangelog"] as const)(
		"goes on at its next tick when %s is made again, and says so",
		async (which) => {
			const stream = newStream(broker.kafka.brokers, {
				FIREWORKS_METRONOME_INTERVAL_MS: "200",
				FIREWORKS_METRONOME_DEVICES: "4",
			});
			const { topicMetronome: ticks } = stream.settings;
			const metronome = await startService("metronome", stream.environment);
			await metronome.ready();
			const seqOf = () => metronome.metric("fireworks_metronome_last_seq");
			await waitFor("some ticks", async () => (await seqOf()) > 10);
			const before = await seqOf();
			await makeAgain(stream, stream.settings[which]);
			await waitFor("the metronome to say so", () =>
				metronome.log.some(
					({ level, msg }) =>
						level === "error" &&
						msg.startsWith(
							`the topic ${stream.settings[which]} was deleted and made again`,
						),
				),
			);
			const noticedAt = await seqOf();
			await waitFor(
				"further ticks",
				async () => (await seqOf()) > noticedAt + 10,
			);
			expect(await metronome.stop()).toBe(EXIT.ok);
			const last = await readTopic(broker.log, ticks, (records) =>
				records.some(({ value }) => JSON.parse(String(value)).seq > noticedAt),
			);
			const seqs = new Set(
				last.map(({ value }) => JSON.parse(String(value)).seq as number),
			);
			// The new topic does not contain the old ticks. They must never start from 0 a second
			// time.
			const replaced = which === "topicMetronome";
			expect(Math.min(...seqs)).toBeGreaterThanOrEqual(replaced ? before : 0);
			const first = last.filter(
				({ value }) => JSON.parse(String(value)).seq === 0,
			);
			expect(first.length).toBe(replaced ? 0 : 4);
		},
	);
});
