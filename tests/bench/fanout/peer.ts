/** A child process that answers questions: a server under test, or the clients. Each has a core to itself where there are two. */
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

/** In the child: answers by these, until the parent goes. */
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

/** In the parent. */
export class Peer {
	readonly #child: ChildProcess;
	readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
	#asked = 0;

	/** file: beside this one. */
	constructor(file: string) {
		this.#child = fork(
			fileURLToPath(new URL(file, import.meta.url)),
			[],
			// gc(): memory is measured after it.
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
