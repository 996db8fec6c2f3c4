/**
 * A service as a real process, as it runs in production: its program, its environment, its signals.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@fireworks/local-kafka";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { type Program, programOf } from "./program.ts";
import { WAIT_MAX_MS, waitFor, waitForValue } from "./wait-for.ts";

export type ServiceName = "metronome" | "processor" | "middleware";

const LINES_KEPT = 5_000;
const LAST_LINES_MAX_MS = 5_000;

export interface LogLine {
	level: string;
	msg: string;
	[field: string]: unknown;
}

/** The running services. Each test file calls stopAllServices at its end, even after a failure. */
const running = new Set<Service>();
export const stopAllServices = async (): Promise<void> => {
	await Promise.all([...running].map((service) => service.kill()));
};

export class Service {
	readonly name: ServiceName;
	readonly port: number;
	readonly log: LogLine[] = [];
	/** Lines that were not JSON; there must not be any. */
	readonly otherLines: string[] = [];
	readonly exit: Promise<{
		code: number | null;
		signal: NodeJS.Signals | null;
	}>;
	readonly #child: ChildProcess;

	constructor(
		name: ServiceName,
		port: number,
		environment: Record<string, string>,
		program: Program,
	) {
		this.name = name;
		this.port = port;
		this.#child = spawn(program.file, program.args, {
			env: {
				PATH: process.env.PATH,
				...program.env,
				...environment,
				[`FIREWORKS_${name.toUpperCase()}_PORT`]: String(port),
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		// Its last lines may arrive after the exit, and a caller that waits for the end wants to
		// read them.
		const allRead = once(this.#child, "close");
		this.exit = once(this.#child, "exit").then(async ([code, signal]) => {
			// A grandchild may hold the pipes open longer.
			const late = new AbortController();
			await Promise.race([
				allRead,
				sleep(LAST_LINES_MAX_MS, undefined, { signal: late.signal }),
			]);
			late.abort();
			return { code, signal };
		});
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			if (stream !== null)
				createInterface({ input: stream }).on("line", (line) =>
					this.#line(line),
				);
		}
		endWithUs(this.#child);
		running.add(this);
		this.exit.finally(() => running.delete(this));
	}

	get pid(): number {
		return this.#child.pid as number;
	}

	get ended(): boolean {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}

	signal(name: NodeJS.Signals): void {
		this.#child.kill(name);
	}

	async stop(): Promise<number | null> {
		this.signal("SIGTERM");
		return (await this.exit).code;
	}

	async kill(): Promise<void> {
		if (this.ended) return;
		this.signal("SIGKILL");
		await this.exit;
	}

	async get(path: string): Promise<{ status: number; text: string }> {
		const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
			signal: AbortSignal.timeout(15_000),
		});
		return { status: response.status, text: await response.text() };
	}

	/** Sum of a metric over its labels; 0 if it does not exist yet. */
	async metric(name: string): Promise<number> {
		const { text } = await this.get("/metrics");
		return text
			.split("\n")
			.filter(
				(line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`),
			)
			.reduce(
				(sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))),
				0,
			);
	}

	/** Waits until the metric's sum over its labels is at least this. */
	reaches(name: string, least: number, timeoutMs = WAIT_MAX_MS) {
		return waitForValue(
			`${name} of the ${this.name} to be ${least}`,
			() => this.metric(name),
			(value) => value >= least,
			timeoutMs,
		);
	}

	async ready(timeoutMs = 180_000): Promise<this> {
		await waitFor(
			`${this.name} to be ready`,
			async () => {
				if (this.ended) throw new Error(`it has ended: ${this.tail()}`);
				const { status, text } = await this.get("/readyz");
				if (status !== 200) throw new Error(text);
				return true;
			},
			timeoutMs,
		);
		return this;
	}

	/** Whether it has reported, from a given line on, that it cannot work now and retries. */
	isFailing(from = 0): boolean {
		return this.log
			.slice(from)
			.some((line) => line.level === "warn" && "backoffMs" in line);
	}

	/** The last lines, for error messages. */
	tail(): string {
		return [
			...this.log.slice(-8).map((line) => JSON.stringify(line)),
			...this.otherLines.slice(-8),
		].join("\n");
	}

	#line(line: string): void {
		try {
			this.log.push(JSON.parse(line));
		} catch {
			this.otherLines.push(line);
		}
		if (this.log.length > LINES_KEPT) this.log.shift();
	}
}

/**
 * Starts a service on a free port. FIREWORKS_ENGINE selects the processor. nodeOptions: options for
 * Node itself, such as --inspect.
 */
export const startService = async (
	name: ServiceName,
	environment: Record<string, string>,
	nodeOptions: readonly string[] = [],
): Promise<Service> =>
	new Service(
		name,
		await freePort(),
		environment,
		await programOf(name, environment.FIREWORKS_ENGINE, nodeOptions),
	);
