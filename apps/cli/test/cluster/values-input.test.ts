import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { siteForUp } from "../../src/cluster/site.ts";
import { checkInputs } from "../../src/cluster/values-input.ts";
import { CliError } from "../../src/exit-codes.ts";
import { tempFolder } from "../support/temp.ts";

const folder = tempFolder();
const none = join(folder, "none.yaml");

/** What `up --target cluster` says about these files before it does anything. */
async function problems(env: Record<string, string>): Promise<string> {
	vi.stubEnv("FIREWORKS_STATE_DIR", join(folder, "state"));
	for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
	try {
		const site = siteForUp(
			{ target: "cluster", context: "c" },
			{ engine: "typescript", pipelines: [], parts: [] },
		);
		await checkInputs(site, []);
		return "";
	} catch (error) {
		expect(error).toBeInstanceOf(CliError);
		expect((error as CliError).exitCode).toBe(78);
		return (error as Error).message;
	} finally {
		vi.unstubAllEnvs();
	}
}

test("every file that cannot be read is named, one line each", async () => {
	const bad = join(folder, "bad.json");
	mkdirSync(join(folder, "a-folder"), { recursive: true });
	writeFileSync(bad, "a: [\nb: }");
	const said = await problems({
		FIREWORKS_HELM_VALUES: `${none}, ${join(folder, "a-folder")}`,
		FIREWORKS_METRONOME_DEVICES_FILE: bad,
	});
	expect(said.split("\n")).toEqual([
		`FIREWORKS_HELM_VALUES: ${none} cannot be read: there is no such file.`,
		`FIREWORKS_HELM_VALUES: ${join(folder, "a-folder")} cannot be read: it is a folder.`,
		expect.stringMatching(
			/^FIREWORKS_METRONOME_DEVICES_FILE: \S*bad\.json cannot be read: .*JSON.*\.$/,
		),
	]);
});

test("in the devcontainer, a file that is not there may be one of the host", async () => {
	expect(
		await problems({
			FIREWORKS_HELM_VALUES: none,
			FIREWORKS_DEVCONTAINER: "1",
		}),
	).toBe(
		`FIREWORKS_HELM_VALUES: ${none} cannot be read: there is no such file (the devcontainer sees only files of this clone: put it there).`,
	);
});
