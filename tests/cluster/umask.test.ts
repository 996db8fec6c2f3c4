/**
 * A clone created with umask 077: only the owner can read its files. The images run as other users,
 * which must be able to read their copies.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bake, ROOT } from "./harness/bake.ts";
import { must } from "./harness/command.ts";
import { docker, entriesOf } from "./harness/image-files.ts";

const IMAGES = ["metronome", "dashboard", "engine-python", "engine-spark"];
const refOf = (name: string) => `fireworks/${name}:umask`;
let folder: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "fireworks-umask-"));
	const clone = 'umask 077 && git clone --quiet "$0" "$1"';
	await must("sh", ["-c", clone, ROOT, join(folder, "clone")]);
	expect(statSync(join(folder, "clone/package.json")).mode & 0o777).toBe(0o600);
});
afterAll(async () => {
	await docker("image", "rm", ...IMAGES.map(refOf));
	rmSync(folder, { recursive: true, force: true });
});

test.each(IMAGES)("%s: any user can read our files", async (name) => {
	await bake("umask", [name], { clone: join(folder, "clone") });
	const ours = (await entriesOf(refOf(name))).filter(({ path }) =>
		/^(app|opt\/fireworks|opt\/spark\/jars)\//.test(path),
	);
	expect(ours.length).toBeGreaterThan(3);
	expect(ours.filter(({ readable }) => !readable)).toEqual([]);
});
