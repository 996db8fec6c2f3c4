/** Starts the broker as a child process and waits until it answers. The jars must be in the cache (ensureJars). */
import { type ChildProcess, spawn } from "node:child_process";
import { delimiter } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { brokerLayout, writeBrokerConfig } from "./broker-layout.ts";
import { jarFile, kafkaCacheDir } from "./cache.ts";
import { classData } from "./class-data.ts";
import { LocalKafkaError } from "./errors.ts";
import { freePort } from "./free-port.ts";
import { JARS } from "./jar-lock.ts";
import { findJava, type Java } from "./java.ts";
import { jvmArguments } from "./jvm.ts";
import { askMetadata } from "./probe.ts";
import { RecentLines } from "./recent-lines.ts";
import { type ExtraListener, LOCAL_HOST } from "./server-properties.ts";
import { startFailure } from "./start-failure.ts";
import { formatStorage } from "./storage.ts";

const PROBE_INTERVAL_MS = 50;
const PROBE_TIMEOUT_MS = 1_000;
const LINES_KEPT = 60;

export interface KafkaOptions {
	/** On 127.0.0.1; 0: a free one. */
	port: number;
	/** Its data and generated configuration. */
	dataDir: string;
	/** Default: a free one, each start another. */
	controllerPort?: number;
	/** The jars. Default: kafkaCacheDir(). */
	cacheDir?: string;
	/** Default: findJava(). */
	java?: Java;
	/** MB (2^20 bytes). Default: 384. */
	heapMb?: number;
	/** Start sooner, run slower: for tests. Default: false. */
	quickStart?: boolean;
	/** Added to server.properties. */
	properties?: Readonly<Record<string, string>>;
	/** From the spawn to the first answer. Default: 60 s; a large log after kill -9 takes longer. */
	readyTimeoutMs?: number;
	/** Further listeners: for tests of how clients are let in. */
	listeners?: readonly ExtraListener[];
	/** Added to the format's arguments, such as --add-scram. */
	formatArguments?: readonly string[];
	/** Each line that the broker prints. */
	onLog?: (line: string) => void;
	/** Once the process exists, before it is ready. */
	onSpawn?: (child: ChildProcess) => void;
	/** Stops the start; a broker that is ready is stopped by stop(). */
	signal?: AbortSignal;
}

/** How a process ended: one of the two is null. */
export interface ProcessExit {
	code: number | null;
	signal: NodeJS.Signals | null;
}

export interface LocalKafka {
	/** Of the JVM itself. */
	pid: number;
	port: number;
	/** ["127.0.0.1:9092"] */
	brokers: string[];
	clusterId: string;
	/** Settles when the process has ended, for whatever reason; never rejects. */
	exited: Promise<ProcessExit>;
	/** SIGTERM, then SIGKILL after timeoutMs (default 20 s: the first stop also writes the class archive). */
	stop(options?: { timeoutMs?: number }): Promise<ProcessExit>;
	/** SIGKILL. */
	kill(): Promise<ProcessExit>;
}

/** Formats where needed, starts, and resolves once the broker answers. Throws LocalKafkaError; no process is left then. */
export async function startKafka(options: KafkaOptions): Promise<LocalKafka> {
	const { dataDir, cacheDir = kafkaCacheDir(), heapMb = 384, signal } = options;
	const java = options.java ?? (await findJava());
	const port = options.port || (await freePort());
	const controllerPort = options.controllerPort ?? (await freePort());
	const layout = brokerLayout(dataDir);
	const classPath = JARS.map((jar) => jarFile(cacheDir, jar)).join(delimiter);
	const { properties = {}, listeners = [] } = options;
	writeBrokerConfig(layout, { port, controllerPort, properties, listeners });
	const clusterId = await formatStorage({
		layout,
		java,
		classPath,
		heapMb,
		signal,
		extraArguments: options.formatArguments,
	});
	const shared = classData(cacheDir, java, classPath);
	const child = spawn(
		java.path,
		jvmArguments(
			layout,
			{ heapMb, quickStart: options.quickStart ?? false, flags: shared.flags },
			"kafka.Kafka",
			[layout.serverProperties],
		),
		{
			env: { ...process.env, CLASSPATH: classPath },
			stdio: ["ignore", "pipe", "pipe"],
			// Its own process group: Ctrl-C in a terminal must not stop the broker before the services that need it.
			detached: true,
		},
	);
	const recent = new RecentLines(LINES_KEPT);
	for (const stream of [child.stdout, child.stderr])
		createInterface({ input: stream }).on("line", (line) => {
			recent.add(line);
			options.onLog?.(line);
		});
	const exited = exitOf(child, shared.keep);
	if (child.pid !== undefined) options.onSpawn?.(child);
	const kill = () => {
		child.kill("SIGKILL");
		return exited;
	};
	try {
		await ready({
			port,
			clusterId,
			exited,
			timeoutMs: options.readyTimeoutMs ?? 60_000,
			signal,
			recent,
		});
	} catch (error) {
		await kill();
		throw error;
	}
	return {
		pid: child.pid ?? 0,
		port,
		brokers: [`${LOCAL_HOST}:${port}`],
		clusterId,
		exited,
		kill,
		async stop({ timeoutMs = 20_000 } = {}) {
			child.kill("SIGTERM");
			const timer = setTimeout(kill, timeoutMs);
			await exited;
			clearTimeout(timer);
			return exited;
		},
	};
}

/** `close`, not `exit`: the last lines have been read then. */
const exitOf = (
	child: ChildProcess,
	onOrderly: () => void,
): Promise<ProcessExit> =>
	new Promise((resolve) => {
		child.once("error", () => resolve({ code: 127, signal: null }));
		child.once("close", (code, signal) => {
			// A JVM that SIGTERM stops in order ends with 143.
			if (code === 0 || code === 143) onOrderly();
			resolve({ code, signal });
		});
	});

async function ready(wait: {
	port: number;
	clusterId: string;
	exited: Promise<ProcessExit>;
	timeoutMs: number;
	signal: AbortSignal | undefined;
	recent: RecentLines;
}): Promise<void> {
	const { port, clusterId, exited, timeoutMs, signal, recent } = wait;
	let ended: ProcessExit | undefined;
	void exited.then((exit) => {
		ended = exit;
	});
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		if (ended)
			throw startFailure(
				port,
				ended.signal ?? `exit code ${ended.code}`,
				recent.lines,
			);
		if (signal?.aborted)
			throw new LocalKafkaError("aborted", "the start of Kafka was stopped");
		const metadata = await askMetadata(port, PROBE_TIMEOUT_MS);
		if (metadata?.clusterId === clusterId && metadata.brokers.length > 0)
			return;
		if (performance.now() > deadline)
			throw new LocalKafkaError(
				"start-timeout",
				`Kafka did not answer on 127.0.0.1:${port} within ${timeoutMs / 1000} s. Its last lines:\n${recent.lines
					.slice(-12)
					.map((l) => `  ${l}`)
					.join("\n")}`,
			);
		await sleep(PROBE_INTERVAL_MS);
	}
}
