/** A broker for tests: free ports, a folder of its own, and a restart on the same port and data after whatever a test did to it. */
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
	onLog?: (line: string) => void;
	/** MB. Default: 384. */
	heapMb?: number;
	/** The JVM's full compiler, for benches. Default: false. */
	fullSpeed?: boolean;
}

export interface TestKafka {
	readonly brokers: string[];
	readonly port: number;
	/** Of the broker that runs now; a restart changes it. */
	readonly pid: number;
	/** SIGKILL; the data stays. */
	kill(): Promise<void>;
	/** Starts again on the same port and data, after kill() or a kill from outside; stops it first where it still runs. */
	restart(): Promise<void>;
	/** Ends it and removes the data. */
	stop(): Promise<void>;
}

/** Fetches the jars where they are absent (FIREWORKS_CACHE_DIR and FIREWORKS_MAVEN_URL hold), and starts a broker. */
export async function startTestKafka(
	options: TestKafkaOptions = {},
): Promise<TestKafka> {
	const { FIREWORKS_CACHE_DIR: root, FIREWORKS_MAVEN_URL: mavenUrl } =
		process.env;
	const cacheDir = kafkaCacheDir(root || undefined);
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
