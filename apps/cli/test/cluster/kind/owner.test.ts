import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
	checkOwner,
	claim,
	type OwnerCheck,
	ownerOf,
	release,
} from "../../../src/cluster/kind/owner.ts";
import { ROOT } from "../../../src/project.ts";
import { RecordedTools } from "../../support/recorded-tools.ts";
import { tempFolder } from "../../support/temp.ts";

const folder = tempFolder();
let tools: RecordedTools;
let n = 0;

beforeEach(() => {
	const own = join(folder, String(n++));
	mkdirSync(own);
	tools = new RecordedTools(own);
	vi.stubEnv("PATH", tools.path);
});
afterEach(() => {
	vi.unstubAllEnvs();
});

const MINE: Partial<OwnerCheck> = { owner: ROOT };
const THEIRS: Partial<OwnerCheck> = { owner: "/two" };

test.each<[string, Partial<OwnerCheck>, RegExp | undefined]>([
	["nothing there", {}, undefined],
	["this clone's cluster", { ...MINE, exists: true }, undefined],
	["this clone's, removed by hand", MINE, undefined],
	[
		"one that this clone remembers",
		{ exists: true, remembered: true },
		undefined,
	],
	["one that it does not know", { exists: true }, /this clone did not make it/],
	[
		"another clone's",
		{ ...THEIRS, exists: true },
		/belongs to another clone: \/two/,
	],
	[
		"another clone's, even where the state remembers it",
		{ ...THEIRS, exists: true, remembered: true },
		/belongs to another clone: \/two/,
	],
	[
		"another clone's, which may just be making it",
		THEIRS,
		/docker volume rm fireworks-cluster-fw/,
	],
])("up: %s", (_, given, refusal) => {
	const check = () =>
		checkOwner({
			cluster: "fw",
			owner: undefined,
			exists: false,
			remembered: false,
			...given,
		});
	if (refusal === undefined) return expect(check).not.toThrow();
	expect(check).toThrow(refusal);
	expect(check).toThrow(
		/FIREWORKS_KIND_CLUSTER=fw-2 FIREWORKS_DASHBOARD_PORT=/,
	);
});

test("the owner is that of the cluster of exactly this name", async () => {
	tools.answer("volumes", [
		"fireworks-cluster-fw-2\t/two",
		"fireworks-cluster-fw\t/one",
	]);
	expect(await ownerOf("fw")).toBe("/one");
	expect(await ownerOf("f")).toBeUndefined();
});

test("of two clones that claim it at once, the one that Docker heard first has it", async () => {
	tools.answer("volumes", ["fireworks-cluster-fw\t/two"]);
	await expect(claim("fw")).rejects.toThrow(/belongs to another clone: \/two/);
	expect(tools.calls()[0]).toEqual([
		"docker",
		"volume",
		"create",
		"--label",
		`fireworks.workspace=${ROOT}`,
		"fireworks-cluster-fw",
	]);
});

test.each([
	[ROOT, ["docker volume rm fireworks-cluster-fw"]],
	["/two", []],
])(
	"down removes the claim of this clone only: that of %s",
	async (owner, removed) => {
		tools.answer("volumes", [`fireworks-cluster-fw\t${owner}`]);
		await release("fw");
		const calls = tools.calls().map((call) => call.join(" "));
		expect(calls.filter((call) => call.includes(" rm "))).toEqual(removed);
	},
);
