/**
 * The real docker, kind, helm and kubectl, with each call recorded: shows how a command used them.
 */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { must } from "./command.ts";

export class RecordingTools {
	readonly #folder: string;

	private constructor(folder: string) {
		this.#folder = folder;
	}

	/** folder: an empty folder. Its tools pass every call on to those in PATH. */
	static async in(folder: string): Promise<RecordingTools> {
		for (const tool of ["docker", "kind", "helm", "kubectl"]) {
			const real = await must("sh", ["-c", `command -v ${tool}`]);
			const file = join(folder, tool);
			writeFileSync(
				file,
				`#!/bin/sh\necho "${tool} $*" >>"${folder}/calls"\nexec ${real.trim()} "$@"\n`,
			);
			chmodSync(file, 0o755);
		}
		return new RecordingTools(folder);
	}

	/** PATH with these tools first. */
	get path(): string {
		return `${this.#folder}${delimiter}${process.env.PATH}`;
	}

	calls(): string[] {
		const file = join(this.#folder, "calls");
		if (!existsSync(file)) return [];
		return readFileSync(file, "utf8").split("\n").filter(Boolean);
	}
}
