/** A real broker with the services as they ship: each is its bundle, in its own process. */
import { startTestKafka } from "@fireworks/local-kafka/testing";
import type { Log } from "@fireworks/streams";
import {
	type Service,
	startService,
	stopAllServices,
} from "../../tests/harness/service.ts";
import {
	newStream,
	type TestStream,
	testLog,
} from "../../tests/harness/stream.ts";

export interface RealSystem {
	stream: TestStream;
	log: Log;
	/** Starts a middleware and waits until it is ready. port: without it, a free one. */
	middleware(): Promise<Service>;
	/**
	 * Starts the metronome and the processor and waits until they are ready: a tick of 5 devices
	 * every 200 ms.
	 */
	feed(): Promise<void>;
}

export async function withSystem(
	run: (system: RealSystem) => Promise<void>,
): Promise<void> {
	const kafka = await startTestKafka({ fullSpeed: true });
	const log = testLog(kafka.brokers);
	try {
		const stream = newStream(kafka.brokers, {
			FIREWORKS_LOG_LEVEL: "error",
			FIREWORKS_METRONOME_INTERVAL_MS: "200",
			FIREWORKS_METRONOME_ADVANCE_MS: "200",
			FIREWORKS_MIDDLEWARE_CLIENTS_PER_ADDRESS_MAX: "100000",
		});
		await run({
			stream,
			log,
			middleware: async () =>
				(await startService("middleware", stream.environment)).ready(),
			feed: async () => {
				const services = await Promise.all([
					startService("metronome", stream.environment),
					startService("processor", stream.environment),
				]);
				await Promise.all(services.map((service) => service.ready()));
			},
		});
	} finally {
		await stopAllServices();
		await log.close();
		await kafka.stop();
	}
}
