/** `fireworks logs`: prints the last lines of the parts' logs, and follows them with --follow. */
import {
	closeSync,
	existsSync,
	openSync,
	readdirSync,
	readSync,
	statSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PIPELINE_NAME } from "@fireworks/contracts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { stateFolderOf } from "../settings.ts";
import type { LogsOptions } from "../target.ts";
import { lastLines } from "./last-lines.ts";
import { LOCAL_PART_NAMES, PART_NAMES } from "./part-names.ts";

const FOLLOW_MS = 250;
const CHUNK_BYTES = 65_536;
const LOG_NAMES: readonly string[] = [...LOCAL_PART_NAMES, "supervisor"];

export async function logs(options: LogsOptions): Promise<CliExit> {
	const { part, follow, lines } = options;
	const folder = stateFolderOf(process.env).logs;
	const pipelines = pipelineLogs(folder);
	const known = [...LOG_NAMES, ...pipelines];
	if (part !== undefined && !known.includes(part))
		throw new CliError(
			CLI_EXIT.usage,
			`There is no part "${part}": ${known.join(", ")}. A pipeline has logs once it was started.`,
		);
	const names = part === undefined ? known.filter(hasLog(folder)) : [part];
	const width = Math.max(...names.map((name) => name.length));
	const followers = names.map((name) => {
		const path = join(folder, `${name}.log`);
		const print = (line: string) =>
			console.log(names.length > 1 ? `${name.padEnd(width)} | ${line}` : line);
		const follower = new Follower(path, print);
		for (const line of lastLines(path, lines)) print(line);
		return follower;
	});
	while (follow) {
		await sleep(FOLLOW_MS);
		for (const follower of followers) follower.look();
	}
	return CLI_EXIT.ok;
}

/**
 * The other logs are those of pipelines. They are found by their files, so the logs of one whose
 * folder is gone can still be read.
 */
function pipelineLogs(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.flatMap((file) => /^(.+)\.log$/.exec(file)?.[1] ?? [])
		.filter((name) => PIPELINE_NAME.test(name) && !LOG_NAMES.includes(name))
		.sort();
}

/**
 * The five parts always have a log. The parts of a second engine and of the lake have one only if
 * they once ran.
 */
const hasLog = (folder: string) => (name: string) =>
	[...PART_NAMES, "supervisor"].includes(name) ||
	existsSync(join(folder, `${name}.log`));

/** Prints what is appended to a log file, also across its rotation. */
export class Follower {
	readonly #path: string;
	readonly #print: (line: string) => void;
	#inode: number | undefined;
	#at: number;
	#rest = "";

	/** Begins at the current end of the file. */
	constructor(path: string, print: (line: string) => void) {
		this.#path = path;
		this.#print = print;
		const now = statSync(path, { throwIfNoEntry: false });
		this.#inode = now?.ino;
		this.#at = now?.size ?? 0;
	}

	look(): void {
		const now = statSync(this.#path, { throwIfNoEntry: false });
		if (now === undefined) return;
		if (now.ino !== this.#inode || now.size < this.#at) {
			// The log was rotated. Lines written to the old file since the last look are now in
			// <name>.1.
			if (this.#inode !== undefined && now.ino !== this.#inode)
				this.#read(`${this.#path}.1`);
			this.#inode = now.ino;
			this.#at = 0;
		}
		if (now.size > this.#at) this.#read(this.#path);
	}

	#read(path: string): void {
		let fd: number;
		try {
			fd = openSync(path, "r");
		} catch {
			return;
		}
		const chunk = Buffer.alloc(CHUNK_BYTES);
		try {
			for (;;) {
				const count = readSync(fd, chunk, 0, chunk.length, this.#at);
				if (count === 0) return;
				this.#at += count;
				const lines = (this.#rest + chunk.toString("utf8", 0, count)).split(
					"\n",
				);
				this.#rest = lines.pop() ?? "";
				lines.forEach(this.#print);
			}
		} finally {
			closeSync(fd);
		}
	}
}
