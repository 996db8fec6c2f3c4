import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PART_NAMES } from "../../src/local/part-names.ts";
import { restart, serveRestarts } from "../../src/local/restart.ts";
import { Supervisor } from "../../src/local/supervisor/supervisor.ts";
import { identify } from "../../src/process/identity.ts";
import { stateFolder } from "../../src/project.ts";
import { scriptPart, WELL_BEHAVED } from "../support/scripts.ts";
import { tempFolder } from "../support/temp.ts";

const root = tempFolder();
const ends: (() => Promise<void>)[] = [];
beforeEach(() => {
	vi.spyOn(process.stdout, "write").mockImplementation(() => true);
});
afterEach(async () => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	for (const end of ends.splice(0)) await end();
});

/** A running system of scripts. program: of the processor, for each of its runs. */
async function running(
	name: string,
	{ serves = true, program = (_: number): string => WELL_BEHAVED } = {},
) {
	const folder = stateFolder(join(root, name));
	vi.stubEnv("FIREWORKS_STATE_DIR", folder.root);
	const supervisor = new Supervisor({
		definitions: PART_NAMES.map((part) =>
			scriptPart(part, part === "processor" ? program : () => WELL_BEHAVED),
		),
		folder,
		page: "",
		variables: {},
		identity: identify(process.pid) ?? { pid: 1, startTime: "?" },
	});
	const over = new AbortController();
	await supervisor.start(async () => true, over.signal);
	const served = serves
		? serveRestarts(folder, supervisor, over.signal)
		: undefined;
	ends.push(async () => {
		over.abort();
		await served;
		await supervisor.stop("the test is over");
	});
	return supervisor;
}

const pids = ({ parts }: Supervisor) =>
	Object.fromEntries(
		parts.map(({ name, status }) => [name, status.process?.pid]),
	);

test("a part runs again as another process, and the others stay", async () => {
	const supervisor = await running("one");
	const { processor, ...others } = pids(supervisor);
	expect(await restart({ part: "processor", timeoutMs: 50_000 })).toBe(0);
	const after = pids(supervisor);
	expect(after).toMatchObject(others);
	expect(after.processor).not.toBe(processor);
});

test("a part that then fails is an error with its reason", async () => {
	await running("failing", {
		program: (run) =>
			run === 0 ? WELL_BEHAVED : "console.log('bad topic'); process.exit(78)",
	});
	await expect(
		restart({ part: "processor", timeoutMs: 50_000 }),
	).rejects.toThrow(/processor is failed: exit code 78.*bad topic/s);
});

test("an unknown part, and a system that does not run", async () => {
	await running("known");
	await expect(restart({ part: "moon", timeoutMs: 1 })).rejects.toMatchObject({
		exitCode: 64,
	});
	vi.stubEnv("FIREWORKS_STATE_DIR", join(root, "nothing"));
	await expect(restart({ part: "kafka", timeoutMs: 1 })).rejects.toThrow(
		/not running/,
	);
});

test("a supervisor that does not know of restarts", async () => {
	await running("old", { serves: false });
	await expect(
		restart({ part: "kafka", timeoutMs: 50_000 }, 10),
	).rejects.toThrow(/did not take the request/);
});
