import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLI_EXIT } from "../../src/exit-codes.ts";
import { down } from "../../src/local/down.ts";

const OURS = [
	"kafka/data",
	"lake/wiener/data",
	"logs/old",
	"spark/checkpoints/wiener",
	"spark/scratch/x",
];
let root: string;
const make = (folder: string) => {
	mkdirSync(join(root, folder), { recursive: true });
	writeFileSync(join(root, folder, "file"), "");
};

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "fireworks-down-"));
	vi.stubEnv("FIREWORKS_STATE_DIR", root);
	vi.spyOn(console, "log").mockImplementation(() => {});
	for (const folder of OURS) make(folder);
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	rmSync(root, { recursive: true, force: true });
});

test("without --purge everything stays", async () => {
	expect(await down({ purge: false })).toBe(CLI_EXIT.ok);
	for (const folder of OURS) expect(existsSync(join(root, folder))).toBe(true);
});

test("--purge leaves nothing, not the folder itself", async () => {
	expect(await down({ purge: true })).toBe(CLI_EXIT.ok);
	expect(existsSync(root)).toBe(false);
});

test("--purge leaves what is not ours, next to our files and below them", async () => {
	make("photos");
	make("spark/mine");
	await down({ purge: true });
	for (const folder of ["photos", "spark/mine"])
		expect(existsSync(join(root, folder, "file"))).toBe(true);
	for (const folder of OURS) expect(existsSync(join(root, folder))).toBe(false);
});
