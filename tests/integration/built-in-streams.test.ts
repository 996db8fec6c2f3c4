/**
 * The metronome and the processor publish their streams to the catalog at their start. They do not
 * need it: a catalog that cannot be written is a warning.
 */
import { CATALOG_TOPIC, readCatalog } from "@fireworks/pipeline";
import { metronome, wiener } from "@fireworks/wiener/streams";
import { expect, test } from "vitest";
import { startService } from "../harness/service.ts";
import { newStream } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const own = withBroker();
const broken = withBroker();

/** The example's own names of its topics. */
const NAMES = {
	FIREWORKS_TOPIC_METRONOME: "metronome",
	FIREWORKS_TOPIC_WIENER: "wiener",
};
const start = (brokers: readonly string[], names = {}) => {
	const { environment } = newStream(brokers, names);
	return Promise.all([
		startService("metronome", environment),
		startService("processor", environment),
	]);
};

test("both are in the catalog, as pipelines/wiener defines them, and topics with other names are not", async () => {
	const others = await start(own.kafka.brokers);
	await Promise.all(others.map((service) => service.ready()));
	expect(await own.log.offsets(CATALOG_TOPIC)).toBeUndefined();
	const services = await start(own.kafka.brokers, NAMES);
	await Promise.all(services.map((service) => service.ready()));
	await waitForValue(
		"the catalog",
		() => own.log.offsets(CATALOG_TOPIC),
		(offsets) => offsets !== undefined,
	);
	const catalog = await waitForValue(
		"both streams in the catalog",
		() => readCatalog(own.log),
		(entries) => entries.size === 2,
	);
	for (const { description } of [metronome, wiener])
		expect(catalog.get(description.name)).toMatchObject({
			version: 1,
			measures: description.measures,
		});
});

test("a catalog that cannot be written is one warning, and the ticks are processed", async () => {
	await broken.log.ensureTopics([
		{
			name: CATALOG_TOPIC,
			partitions: 3,
			replicationFactor: 1,
			cleanup: "delete",
			config: {},
		},
	]);
	const services = await start(broken.kafka.brokers, NAMES);
	for (const service of services) {
		await service.ready();
		const warned = await waitForValue(
			"the warning",
			() => service.log.filter(({ msg }) => msg.includes("cannot be publ")),
			(lines) => lines.length > 0,
		);
		expect(warned).toHaveLength(1);
		expect(warned[0]).toMatchObject({ level: "warn" });
		expect(warned[0]?.msg).toContain("Everything else works");
	}
	await services[1].reaches("fireworks_stage_output_records_total", 10);
	for (const service of services) expect(await service.stop()).toBe(0);
});
