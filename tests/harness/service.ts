/** A service as a real process, as it runs in production: its program, its environment, its signals. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freePort } from "@fireworks/local-kafka";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { type Program, programOf } from "./program.ts";
import { waitFor } from "./wait-for.ts";

export type ServiceName = "metronome" | "processor" | "middleware";

const LINES_KEPT = 5_000;

export interface LogLine {
	level: string;
	msg: string;
	[field: string]: unknown;
}

/** The ends of all services that were started; a test file calls this when it is done, whatever happened. */
const running = new Set<Service>();
export const stopAllServices = async (): Promise<void> => {
	await Promise.all([...running].map((service) => service.kill()));
};

export class Service {
	readonly name: ServiceName;
	readonly port: number;
	readonly log: LogLine[] = [];
	/** Lines that were no JSON: there must be none. */
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
		this.exit = once(this.#child, "exit").then(([code, signal]) => ({
			code,
			signal,
		}));
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
			signal: AbortSignal.timeout(5_000),
		});
		return { status: response.status, text: await response.text() };
	}

	/** Sum over the labels of a metric; 0 where it is not there yet. */
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

	async ready(timeoutMs = 60_000): Promise<this> {
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

	/** Whether it has said, from a line on, that it cannot work now and tries again. */
	inTrouble(from = 0): boolean {
		return this.log
			.slice(from)
			.some((line) => line.level === "warn" && "backoffMs" in line);
	}

	/** The last lines, for an error message. */
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

/** Starts a service on a free port; FIREWORKS_ENGINE says which processor. nodeOptions: for Node itself, such as --inspect. */
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
