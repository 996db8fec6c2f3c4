/**
 * Creates all given topics or none: the broker first validates each. Otherwise a rejected changelog
 * would leave the output topic behind, and readers would take that for a silent stream.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { TopicSpec } from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { Controller } from "./controller.ts";
import { type CreatedTopic, createTopics } from "./topic-requests.ts";

const CONTROLLER_WITHIN_MS = 10_000;
const RETRY_MS = 50;

const CREATED = 0;
/** Another process created it meanwhile. The check that follows shows whether it is right. */
const ALREADY_EXISTS = 36;
const NOT_CONTROLLER = 41;
const REPLICATION_FACTOR = 38;

const KINDS: Readonly<
	Record<number, { name: string; unrecoverable?: boolean }>
> = {
	7: { name: "REQUEST_TIMED_OUT" },
	17: { name: "INVALID_TOPIC_EXCEPTION", unrecoverable: true },
	29: { name: "TOPIC_AUTHORIZATION_FAILED" },
	31: { name: "CLUSTER_AUTHORIZATION_FAILED" },
	35: { name: "UNSUPPORTED_VERSION", unrecoverable: true },
	37: { name: "INVALID_PARTITIONS", unrecoverable: true },
	[REPLICATION_FACTOR]: { name: "INVALID_REPLICATION_FACTOR" },
	40: { name: "INVALID_CONFIG", unrecoverable: true },
	42: { name: "INVALID_REQUEST", unrecoverable: true },
	44: { name: "POLICY_VIOLATION", unrecoverable: true },
	89: { name: "THROTTLING_QUOTA_EXCEEDED" },
};
/** Error codes that the topic's settings cause. */
const OF_SETTINGS = new Set([40, 44]);

/**
 * Throws topic-refused, or topic-not-created if a later try may succeed. Both errors name each
 * topic and quote the broker's message.
 */
export async function createAll(
	controller: Controller,
	specs: readonly TopicSpec[],
): Promise<void> {
	for (const validateOnly of [true, false]) {
		const answers = await ask(controller, specs, validateOnly);
		const refused = answers.filter(
			({ errorCode }) => errorCode !== CREATED && errorCode !== ALREADY_EXISTS,
		);
		if (refused.length > 0) throw refusal(refused, specs);
	}
}

async function ask(
	controller: Controller,
	specs: readonly TopicSpec[],
	validateOnly: boolean,
): Promise<readonly CreatedTopic[]> {
	const deadline = Date.now() + CONTROLLER_WITHIN_MS;
	for (;;) {
		const answers = await controller.send(
			createTopics(specs, { validateOnly }),
		);
		const elsewhere = answers.some(
			({ errorCode }) => errorCode === NOT_CONTROLLER,
		);
		if (!elsewhere || Date.now() > deadline) return answers;
		controller.forgetController();
		await sleep(RETRY_MS);
	}
}

function refusal(
	refused: readonly CreatedTopic[],
	specs: readonly TopicSpec[],
): StreamsError {
	const replicas = new Map(specs.map((s) => [s.name, s.replicationFactor]));
	const sentences = refused.map(({ topic, errorCode, message }) => {
		const { name } = KINDS[errorCode] ?? { name: `error ${errorCode}` };
		const words = message ?? "the broker gives no reason";
		return `Kafka refused to create the topic ${topic} (${name}): ${words}${/[.!?]$/.test(words) ? "" : "."}${advice(errorCode, replicas.get(topic))}`;
	});
	const unrecoverable = refused.some(
		({ errorCode }) => KINDS[errorCode]?.unrecoverable === true,
	);
	return new StreamsError(
		unrecoverable ? "topic-refused" : "topic-not-created",
		sentences.join(" "),
	);
}

function advice(errorCode: number, replicas: number | undefined): string {
	if (errorCode === REPLICATION_FACTOR)
		return ` Set FIREWORKS_REPLICATION_FACTOR (now ${replicas}) to at most the number of brokers, or start more brokers.`;
	if (OF_SETTINGS.has(errorCode))
		return " Create the topic by hand, or set FIREWORKS_TOPIC_CONFIGS=cluster to leave its settings to the cluster.";
	return "";
}
