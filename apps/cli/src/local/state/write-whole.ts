/**
 * Writes a JSON file completely under another name, then renames it, so a reader (or a crash) never
 * sees half of it. Only its owner can read it, because settings may hold secrets.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function writeWhole(file: string, value: unknown): void {
	mkdirSync(dirname(file), { recursive: true });
	const part = `${file}.${process.pid}.part`;
	writeFileSync(part, `${JSON.stringify(value, null, "\t")}\n`, {
		mode: 0o600,
	});
	renameSync(part, file);
}
