/** A broker whose clients reach it only through the proxy. */
import { startTestKafka, type TestKafka } from "@fireworks/local-kafka/testing";
import type { Log } from "@fireworks/streams";
import { testLog } from "../harness/stream.ts";
import { KafkaProxy } from "./proxy.ts";

export interface FaultBroker {
	readonly kafka: TestKafka;
	readonly proxy: KafkaProxy;
	/** Address for the services: the proxy. */
	readonly brokers: readonly string[];
	/** Address for the test itself. It is also the proxy's, but no fault targets it. */
	readonly log: Log;
	/** Sends kill -9; connections are refused from now on. */
	kill(): Promise<void>;
	/** Starts again on the same data. */
	restart(): Promise<void>;
	/** Starts it again if it was killed and not restarted. */
	revive(): Promise<void>;
	stop(): Promise<void>;
}

export async function startFaultBroker(
	properties: Readonly<Record<string, string>> = {},
): Promise<FaultBroker> {
	const proxy = await KafkaProxy.listen();
	const kafka = await startTestKafka({
		properties: {
			...properties,
			"advertised.listeners": `BROKER://127.0.0.1:${proxy.port}`,
		},
	});
	proxy.brokerPort = kafka.port;
	const brokers = [`127.0.0.1:${proxy.port}`];
	const log = testLog(brokers);
	let dead = false;
	const restart = async () => {
		await proxy.accept();
		await kafka.restart();
		dead = false;
	};
	return {
		kafka,
		proxy,
		brokers,
		log,
		async kill() {
			dead = true;
			await Promise.all([kafka.kill(), proxy.refuse()]);
		},
		restart,
		async revive() {
			if (dead) await restart();
		},
		async stop() {
			await log.close();
			await proxy.close();
			await kafka.stop();
		},
	};
}
