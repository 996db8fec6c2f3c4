/**
 * A broker for tests: free ports, its own folder, and a restart on the same port and data after any
 * fault that a test caused.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaCacheDir } from "./cache.ts";
import { endWithUs } from "./end-with-us.ts";
import { ensureJars } from "./ensure-jars.ts";
import {
	type KafkaOptions,
	type LocalKafka,
	startKafka,
} from "./start-kafka.ts";

export { endWithUs } from "./end-with-us.ts";

export interface TestKafkaOptions {
	/** Added to server.properties. */
	properties?: Readonly<Record<string, string>>;
	listeners?: KafkaOptions["listeners"];
	formatArguments?: readonly string[];
	/** Jars or class folders in addition to Kafka's. */
	classPath?: readonly string[];
	onLog?: (line: string) => void;
	/** MB. Default: 384. */
	heapMb?: number;
	/** Use the JVM's full compiler, for benchmarks. Default: false. */
	fullSpeed?: boolean;
}

export interface TestKafka {
	readonly brokers: string[];
	readonly port: number;
	/** Process id of the running broker; a restart changes it. */
	readonly pid: number;
	/** Sends SIGKILL; the data stays. */
	kill(): Promise<void>;
	/**
	 * Starts again on the same port and data, after kill() or a kill from outside. Stops the broker
	 * first if it still runs.
	 */
	restart(): Promise<void>;
	/** Stops it and removes the data. */
	stop(): Promise<void>;
}

/**
 * Fetches the jars if they are absent (FIREWORKS_CACHE_DIR and FIREWORKS_MAVEN_URL apply), and
 * starts a broker.
 */
export async function startTestKafka(
	options: TestKafkaOptions = {},
): Promise<TestKafka> {
	const { FIREWORKS_MAVEN_URL: mavenUrl } = process.env;
	const cacheDir = kafkaCacheDir();
	await ensureJars({ cacheDir, ...(mavenUrl ? { mavenUrl } : {}) });
	const dataDir = mkdtempSync(join(tmpdir(), "fireworks-kafka-"));
	const { properties = {}, onLog = () => {}, heapMb = 384 } = options;
	const common: KafkaOptions = {
		port: 0,
		dataDir,
		cacheDir,
		heapMb,
		onLog,
		properties,
		listeners: options.listeners ?? [],
		formatArguments: options.formatArguments ?? [],
		classPath: options.classPath ?? [],
		quickStart: !options.fullSpeed,
		onSpawn: endWithUs,
	};
	let kafka: LocalKafka;
	try {
		kafka = await startKafka(common);
	} catch (error) {
		rmSync(dataDir, { recursive: true, force: true });
		throw error;
	}
	const { port, brokers } = kafka;
	return {
		brokers,
		port,
		get pid() {
			return kafka.pid;
		},
		async kill() {
			await kafka.kill();
		},
		async restart() {
			await kafka.stop();
			kafka = await startKafka({ ...common, port });
		},
		async stop() {
			await kafka.stop();
			rmSync(dataDir, { recursive: true, force: true });
		},
	};
}
