/** A temporary folder for a test file, removed at its end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export function tempFolder(): string {
	const dir = mkdtempSync(join(tmpdir(), "fireworks-cli-"));
	afterAll(() => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

/** Resolves once the condition holds. Rejects with its name if it does not hold in time. */
export async function until(
	name: string,
	condition: () => boolean,
	timeoutMs = 50_000,
): Promise<void> {
	const deadline = performance.now() + timeoutMs;
	while (!condition()) {
		if (performance.now() > deadline) throw new Error(`never: ${name}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
