/**
 * A broker that refuses to create a topic as requested. Every service names the topic and repeats
 * the broker's message. If a retry cannot help, the service exits with 78; otherwise it retries.
 */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EXIT } from "@fireworks/contracts";
import { startTestKafka, type TestKafka } from "@fireworks/local-kafka/testing";
import type { Log } from "@fireworks/streams";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compileJava } from "../harness/compile-java.ts";
import {
	type Service,
	type ServiceName,
	startService,
	stopAllServices,
} from "../harness/service.ts";
import { newStream, testLog } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";

let kafka: TestKafka;
let log: Log;
let classes: string;
beforeAll(async () => {
	classes = await compileJava(
		fileURLToPath(new URL("SegmentPolicy.java", import.meta.url)),
	);
	kafka = await startTestKafka({
		classPath: [classes],
		properties: { "create.topic.policy.class.name": "SegmentPolicy" },
	});
	log = testLog(kafka.brokers);
});
afterEach(stopAllServices);
afterAll(async () => {
	await log?.close();
	await kafka?.stop();
	if (classes) rmSync(classes, { recursive: true, force: true });
});

/** Every service that creates topics, in each engine that has it. */
const WRITERS: [ServiceName, string][] = [
	["metronome", "typescript"],
	["processor", "typescript"],
	["processor", "python"],
	["processor", "spark"],
];
const START_MAX_MS = 180_000;

const start = (
	[name, engine]: [ServiceName, string],
	environment: Record<string, string>,
): Promise<Service> =>
	startService(name, { ...environment, FIREWORKS_ENGINE: engine });

/** Its first topic, which it requests together with the changelog. */
const topicOf = (name: ServiceName, settings: Record<string, unknown>) =>
	String(settings[name === "metronome" ? "topicMetronome" : "topicWiener"]);

/** The processor's input, with settings that the broker accepts: outputs are created after it. */
const createInput = (
	name: ServiceName,
	{ topicMetronome, partitions }: ReturnType<typeof newStream>["settings"],
): Promise<void> | undefined =>
	name === "processor"
		? log.ensureTopics([
				{
					name: topicMetronome,
					partitions,
					replicationFactor: 1,
					cleanup: "delete",
					config: { "cleanup.policy": "delete" },
				},
			])
		: undefined;

describe.for(WRITERS)("the %s (%s)", ([name, engine]) => {
	test("a replication factor above the number of brokers is reported and retried", async () => {
		const stream = newStream(kafka.brokers, {
			FIREWORKS_REPLICATION_FACTOR: "3",
			FIREWORKS_TOPIC_CONFIGS: "cluster",
		});
		await createInput(name, stream.settings);
		const service = await start([name, engine], stream.environment);
		const topic = topicOf(name, stream.settings);
		const said = await waitFor(
			"/readyz to name the topic",
			async () => {
				const { status, text } = await service.get("/readyz");
				return status === 503 && text.includes(topic) && text;
			},
			START_MAX_MS,
		);
		expect(said).toContain("Unable to replicate the partition 3 time(s)");
		expect(said).toContain("FIREWORKS_REPLICATION_FACTOR");
		expect(said).not.toContain("group-failed");
		if (name === "processor") expect(said).toContain("topic-not-created");
		await waitFor("a second try", () => {
			const tries = service.log.filter(
				(line) =>
					line.level === "warn" &&
					String(line.reason).includes("Unable to replicate"),
			);
			return tries.length > 1;
		});
		expect(service.ended).toBe(false);
	});

	test("a policy's refusal ends it with 78, makes no topic at all, and the setting leaves them to the cluster", async () => {
		const stream = newStream(kafka.brokers);
		await createInput(name, stream.settings);
		const service = await start([name, engine], stream.environment);
		await waitFor("its end", () => service.ended, START_MAX_MS);
		expect((await service.exit).code, service.tail()).toBe(EXIT.config);
		const { msg } = service.log.findLast((l) => l.level === "fatal") ?? {};
		expect(msg).toContain("segment.bytes must be at least 52428800");
		const { settings } = stream;
		const changelog =
			name === "metronome"
				? settings.topicMetronomeChangelog
				: settings.topicProcessorChangelog;
		expect(msg).toContain(`Kafka refused to create the topic ${changelog}`);
		expect(msg).toContain("FIREWORKS_TOPIC_CONFIGS=cluster");
		expect(await log.offsets(topicOf(name, settings))).toBeUndefined();

		const cluster = {
			...stream.environment,
			FIREWORKS_TOPIC_CONFIGS: "cluster",
		};
		if (name === "processor") await start(["metronome", "typescript"], cluster);
		const again = await start([name, engine], cluster);
		await again.ready(START_MAX_MS);
		expect(await log.offsets(changelog)).toBeDefined();
	});
});

test("a setting that the broker does not know is named in its own words, as each refused topic is", async () => {
	const spec = (topic: string, config: Record<string, string>) => ({
		name: `unknown-${topic}`,
		partitions: 1,
		replicationFactor: 1,
		cleanup: "delete" as const,
		config: { "cleanup.policy": "delete", ...config },
	});
	const refused = log.ensureTopics([
		spec("a", {}),
		spec("b", { "no.such.setting": "1" }),
		spec("c", { "retention.ms": "soon" }),
	]);
	await expect(refused).rejects.toMatchObject({
		code: "topic-refused",
		message: expect.stringMatching(
			/unknown-b \(INVALID_CONFIG\): Unknown topic config name: no\.such\.setting\..*unknown-c \(INVALID_CONFIG\): Invalid value soon for configuration retention\.ms/,
		),
	});
	expect(await log.offsets("unknown-a")).toBeUndefined();
});
