/**
 * Starts the broker as a child process and waits until it answers. The jars must already be in the
 * cache (ensureJars).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { brokerLayout, within, writeBrokerConfig } from "./broker-layout.ts";
import { jarFile, kafkaCacheDir } from "./cache.ts";
import { classData } from "./class-data.ts";
import { LocalKafkaError } from "./errors.ts";
import { freePort } from "./free-port.ts";
import { JARS } from "./jar-lock.ts";
import { findJava, type Java } from "./java.ts";
import { jvmArguments, jvmEnvironment } from "./jvm.ts";
import { askMetadata } from "./probe.ts";
import { RecentLines } from "./recent-lines.ts";
import { type ExtraListener, LOCAL_HOST } from "./server-properties.ts";
import { startFailure } from "./start-failure.ts";
import { formatStorage } from "./storage.ts";

const PROBE_INTERVAL_MS = 50;
const PROBE_TIMEOUT_MS = 1_000;
const LINES_KEPT = 60;

export interface KafkaOptions {
	/** Port on 127.0.0.1. 0: a free one. */
	port: number;
	/** The folder of its data and generated configuration. */
	dataDir: string;
	/** Default: a free one, which differs at each start. */
	controllerPort?: number;
	/** The folder of the jars. Default: kafkaCacheDir(). */
	cacheDir?: string;
	/** Default: findJava(). */
	java?: Java;
	/** MB (2^20 bytes). Default: 384. */
	heapMb?: number;
	/** Start faster, run slower: for tests. Default: false. */
	quickStart?: boolean;
	/** Added to server.properties. */
	properties?: Readonly<Record<string, string>>;
	/**
	 * Time from the spawn to the first answer. Default: 60 s. A large log after kill -9 takes
	 * longer.
	 */
	readyTimeoutMs?: number;
	/** Further listeners: for tests of authentication. */
	listeners?: readonly ExtraListener[];
	/** Jars or class folders in addition to Kafka's: for tests that bring their own policy. */
	classPath?: readonly string[];
	/** Further arguments of the format command, such as --add-scram. */
	formatArguments?: readonly string[];
	/** Called with each line that the broker prints. */
	onLog?: (line: string) => void;
	/** Called once the process exists, before it is ready. */
	onSpawn?: (child: ChildProcess) => void;
	/** Aborts the start. Use stop() for a broker that is ready. */
	signal?: AbortSignal;
}

/** How a process ended: either code or signal is null. */
export interface ProcessExit {
	code: number | null;
	signal: NodeJS.Signals | null;
}

export interface LocalKafka {
	/** The process id of the JVM itself. */
	pid: number;
	port: number;
	/** For example ["127.0.0.1:9092"]. */
	brokers: string[];
	clusterId: string;
	/** Resolves when the process has ended, for whatever reason; never rejects. */
	exited: Promise<ProcessExit>;
	/**
	 * Sends SIGTERM, then SIGKILL after timeoutMs (default 20 s, because the first stop also writes
	 * the class archive).
	 */
	stop(options?: { timeoutMs?: number }): Promise<ProcessExit>;
	/** Sends SIGKILL. */
	kill(): Promise<ProcessExit>;
}

/**
 * Formats the data folder if needed, starts the broker, and resolves once it answers. Throws
 * LocalKafkaError; then no process is left.
 */
export async function startKafka(options: KafkaOptions): Promise<LocalKafka> {
	const { dataDir, cacheDir = kafkaCacheDir(), heapMb = 384, signal } = options;
	const java = options.java ?? (await findJava());
	const port = options.port || (await freePort());
	const controllerPort = options.controllerPort ?? (await freePort());
	const layout = brokerLayout(resolve(dataDir));
	const jars = within(layout, layout.jars);
	const classPath = [
		...JARS.map((jar) => jarFile(jars, jar)),
		...(options.classPath ?? []),
	].join(delimiter);
	const { properties = {}, listeners = [] } = options;
	const config = { port, controllerPort, properties, listeners };
	writeBrokerConfig(layout, cacheDir, config);
	const clusterId = await formatStorage({
		layout,
		java,
		classPath,
		heapMb,
		signal,
		extraArguments: options.formatArguments,
	});
	const shared = classData(cacheDir, jars, java, classPath);
	const child = spawn(
		java.path,
		jvmArguments(
			layout,
			{ heapMb, quickStart: options.quickStart ?? false, flags: shared.flags },
			"kafka.Kafka",
			[within(layout, layout.serverProperties)],
		),
		{
			cwd: layout.folder,
			env: jvmEnvironment(java, { heapMb }, classPath),
			stdio: ["ignore", "pipe", "pipe"],
			// Its own process group: Ctrl-C in a terminal must not stop the broker before the
			// services that need it.
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
			heapMb,
		});
	} catch (error) {
		await kill();
		if (!signal?.aborted) shared.discard();
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

/** Waits for `close`, not `exit`: by then the last lines have been read. */
const exitOf = (
	child: ChildProcess,
	onOrderly: () => void,
): Promise<ProcessExit> =>
	new Promise((resolve) => {
		child.once("error", () => resolve({ code: 127, signal: null }));
		child.once("close", (code, signal) => {
			// A JVM that SIGTERM stops normally exits with 143.
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
	heapMb: number;
}): Promise<void> {
	const { port, clusterId, exited, timeoutMs, signal, recent, heapMb } = wait;
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
				heapMb,
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
