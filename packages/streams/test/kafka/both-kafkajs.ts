/**
 * Two versions of kafkajs: the installed one, with our patch and our record batches, and the
 * published one, made by removing the patch from the same files. So a test can show that a patch
 * works and that it is still needed. When the published version passes too, the patch can go.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { installWire } from "../../src/kafka/wire/install.ts";

export const VERSION = "2.2.4";
const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const PATCH = join(ROOT, "patches", `kafkajs@${VERSION}.patch`);

/** biome-ignore lint/suspicious/noExplicitAny: kafkajs's insides have no types. */
export type Insides = any;

/** A file of kafkajs, by its path under src/. */
export type Load = (path: string) => Insides;

export interface BothKafkajs {
	patched: Load;
	published: Load;
	remove(): void;
}

/**
 * Copies the installed kafkajs and removes the patch there. Throws if the patch is not the one that
 * was installed: run pnpm install.
 */
export function bothKafkajs(): BothKafkajs {
	installWire();
	const require = createRequire(import.meta.url);
	const installed = realpathSync(
		dirname(require.resolve("kafkajs/package.json")),
	);
	const copy = mkdtempSync(join(tmpdir(), "kafkajs-published-"));
	cpSync(installed, copy, { recursive: true });
	execFileSync("git", ["apply", "--reverse", PATCH], {
		cwd: copy,
		env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
	});
	const of = (folder: string) => (path: string) =>
		require(join(folder, "src", path));
	return {
		patched: of(installed),
		published: of(copy),
		remove: () => rmSync(copy, { recursive: true, force: true }),
	};
}

/**
 * Declares a test that runs the same check on both versions: it must pass with the patch and fail
 * without it. load: loads further modules.
 */
export const fixesIn =
	(both: BothKafkajs) =>
	(
		what: string,
		path: string,
		holds: (insides: Insides, load: Load) => unknown,
	): void => {
		const holdsFor = (load: Load) => holds(load(path), load);
		test(what, async () => {
			expect(await holdsFor(both.patched)).toBe(true);
			expect(
				await Promise.resolve(holdsFor(both.published)).catch(() => false),
				`kafkajs ${VERSION} as published does this too: drop that part of the patch`,
			).toBe(false);
		});
	};
