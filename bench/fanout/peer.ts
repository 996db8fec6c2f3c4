/**
 * A child process that answers requests: a server under test, or the clients. If there are two
 * cores, each has its own.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

type Commands = Record<string, (options: never) => unknown>;

interface Question {
	id: number;
	command: string;
	options: object;
}
interface Answer {
	id: number;
	result?: unknown;
	error?: string;
}

/** For the child: answers requests with these functions until the parent ends. */
export function answer(commands: Commands): void {
	process.on("message", async ({ id, command, options }: Question) => {
		try {
			const ask = commands[command];
			if (ask === undefined) throw new Error(`no command ${command}`);
			const result = await ask(options as never);
			process.send?.({ id, result } satisfies Answer);
		} catch (error) {
			process.send?.({ id, error: String(error) } satisfies Answer);
		}
	});
	process.once("disconnect", () => process.exit());
}

/** For the parent. */
export class Peer {
	readonly #child: ChildProcess;
	readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
	#asked = 0;

	/** file: in this folder. */
	constructor(file: string) {
		this.#child = fork(
			fileURLToPath(new URL(file, import.meta.url)),
			[],
			// Provides gc(): memory is measured after a collection.
			{ execArgv: ["--expose-gc"] },
		);
		this.#child.on("message", ({ id, result, error }: Answer) => {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (error === undefined) waiting?.resolve(result);
			else waiting?.reject(new Error(`${file}: ${error}`));
		});
		this.#child.on("exit", (code) => {
			for (const { reject } of this.#waiting.values())
				reject(new Error(`${file} ended with ${code}`));
		});
	}

	ask<T>(command: string, options: object = {}): Promise<T> {
		const waiting = Promise.withResolvers<unknown>();
		const id = this.#asked++;
		this.#waiting.set(id, waiting);
		this.#child.send({ id, command, options } satisfies Question);
		return waiting.promise as Promise<T>;
	}

	async end(): Promise<void> {
		if (this.#child.exitCode !== null) return;
		const exit = once(this.#child, "exit");
		this.#child.disconnect();
		await exit;
	}
}
