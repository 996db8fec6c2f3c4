import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { siteForOthers, siteForUp } from "../../src/cluster/site.ts";
import {
	checkEngines,
	targetName,
	targetOf,
} from "../../src/commands/choose.ts";
import {
	forget,
	type Memory,
	recall,
	remember,
	rememberable,
} from "../../src/commands/memory.ts";
import { stateFolder } from "../../src/project.ts";
import { tempFolder } from "../support/temp.ts";

const dir = tempFolder();
const before = { ...process.env };
const folder = () => stateFolder(dir);

beforeEach(() => {
	for (const name of Object.keys(process.env))
		if (name.startsWith("FIREWORKS_")) delete process.env[name];
	process.env.FIREWORKS_STATE_DIR = dir;
	// All tests of this file share the folder. What another test remembered must not be found.
	forget(folder());
});
afterEach(() => {
	process.env = { ...before };
});

const plain = { engine: "typescript", pipelines: [], parts: [] };
const memory = (more: Partial<Memory>): Memory => ({
	version: 1,
	target: "kind",
	context: null,
	making: null,
	settings: {},
	...more,
});

test("without an option and before any `up`: local", () => {
	expect(targetName({})).toBe("local");
});

test("the option, else the variable, else what was brought up last", () => {
	remember(folder(), memory({ target: "cluster", context: "prod" }));
	expect(targetName({})).toBe("cluster");
	process.env.FIREWORKS_TARGET = "kind";
	expect(targetName({})).toBe("kind");
	expect(targetName({ target: "local" })).toBe("local");
	expect(targetName({ context: "prod" })).toBe("cluster");
	expect(() => targetName({ target: "moon" })).toThrow(
		expect.objectContaining({ exitCode: 64 }),
	);
});

test("the memory is for its owner only, and a broken one is an error that says what to do", () => {
	remember(folder(), memory({}));
	const file = join(dir, "target.json");
	expect(statSync(file).mode & 0o777).toBe(0o600);
	writeFileSync(file, "{");
	expect(() => recall(folder())).toThrow(/remove it/);
	forget(folder());
	expect(recall(folder())).toBeUndefined();
});

test("what belongs to a shell is not remembered", () => {
	expect(
		rememberable({
			FIREWORKS_DEVCONTAINER: "1",
			FIREWORKS_STATE_DIR: "/x",
			FIREWORKS_SEED: "1",
			PATH: "/bin",
		}),
	).toEqual({ FIREWORKS_SEED: "1" });
});

test("a context is never guessed: up and down need it, commands that only read remember it", () => {
	const choice = { target: "cluster", context: undefined } as const;
	expect(() => siteForUp(choice, plain)).toThrow(/--context/);
	expect(() => siteForOthers(choice)).toThrow(/--context/);
	remember(
		folder(),
		memory({
			target: "cluster",
			context: "prod",
			settings: { FIREWORKS_NAMESPACE: "mine" },
		}),
	);
	expect(siteForOthers(choice)).toMatchObject({
		access: { context: "prod", kubeconfig: undefined },
		namespace: "mine",
	});
	expect(() => siteForUp(choice, plain)).toThrow(/--context/);
	expect(() => siteForOthers(choice, true)).toThrow(/--context/);
});

test("an engine other than the default is a setting from then on", () => {
	const choice = { target: "kind", context: undefined } as const;
	expect(
		siteForUp(choice, { ...plain, engine: "python" }).settings.engine,
	).toBe("python");
	expect(siteForUp(choice, plain).env).not.toHaveProperty("FIREWORKS_ENGINE");
});

test("an optional part is asked for by option or variable, and is remembered; off ends it", () => {
	const choice = { target: "kind", context: undefined } as const;
	const now = (parts: "ingest"[] = []) =>
		siteForUp(choice, { ...plain, parts }).settings.ingest;
	expect(now()).toBe("off");
	expect(now(["ingest"])).toBe("on");
	remember(folder(), memory({ settings: { FIREWORKS_INGEST: "on" } }));
	expect(now()).toBe("on");
	process.env.FIREWORKS_INGEST = "off";
	expect(now()).toBe("off");
	remember(folder(), memory({ target: "cluster" }));
	process.env.FIREWORKS_INGEST = "on";
	expect(now()).toBe("on");
});

test("kind has its own context and its own file, another one in the devcontainer", () => {
	const choice = { target: "kind", context: undefined } as const;
	process.env.FIREWORKS_KIND_CLUSTER = "mine";
	expect(siteForUp(choice, plain).access).toEqual({
		context: "kind-mine",
		kubeconfig: join(dir, "kubeconfig"),
	});
	process.env.FIREWORKS_DEVCONTAINER = "1";
	expect(siteForUp(choice, plain).access.kubeconfig).toBe(
		join(dir, "kubeconfig.internal"),
	);
	expect(() => siteForUp({ ...choice, context: "prod" }, plain)).toThrow(
		/for `--target cluster`/,
	);
});

test("--context with the target local is a usage error", () => {
	expect(() => targetOf({ target: "local", context: "prod" })).toThrow(
		expect.objectContaining({ exitCode: 64 }),
	);
});

test.each([
	["local", "cobol", /typescript, python, spark/, ""],
	["local", "typescript", /typescript, python, spark/, "cobol"],
	["local", "python", /the engine itself/, "python"],
	["kind", "typescript", /--target local/, "python"],
] as const)(
	"%s with %s is a usage error: %s %s",
	(target, engine, message, compare) => {
		expect(() => checkEngines(target, engine, compare)).toThrow(
			expect.objectContaining({
				exitCode: 64,
				message: expect.stringMatching(message),
			}),
		);
	},
);
