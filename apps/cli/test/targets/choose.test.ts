import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateFolder } from "../../src/project.ts";
import {
	forget,
	type Memory,
	recall,
	remember,
	rememberable,
} from "../../src/targets/memory.ts";
import { siteForOthers, siteForUp } from "../../src/targets/site.ts";
import { choose } from "../../src/targets/words.ts";
import { tempFolder } from "../support/temp.ts";

const dir = tempFolder();
const before = { ...process.env };
const nothing = { target: undefined, context: undefined };
const folder = () => stateFolder(dir);

beforeEach(() => {
	for (const name of Object.keys(process.env))
		if (name.startsWith("FIREWORKS_")) delete process.env[name];
	process.env.FIREWORKS_STATE_DIR = dir;
});
afterEach(() => {
	process.env = { ...before };
});

const memory = (more: Partial<Memory>): Memory => ({
	version: 1,
	target: "kind",
	context: null,
	making: null,
	settings: {},
	...more,
});

test("nothing said and nothing brought up: local", () => {
	expect(choose(nothing)).toBe("local");
});

test("said, else the variable, else what was brought up last", () => {
	remember(folder(), memory({ target: "cluster", context: "prod" }));
	expect(choose(nothing)).toBe("cluster");
	process.env.FIREWORKS_TARGET = "kind";
	expect(choose(nothing)).toBe("kind");
	expect(choose({ ...nothing, target: "local" })).toBe("local");
	expect(choose({ ...nothing, context: "prod" })).toBe("cluster");
	expect(() => choose({ ...nothing, target: "moon" })).toThrow(
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

test("a context is never guessed: up and down must be told, words that look remember", () => {
	const choice = { target: "cluster", context: undefined } as const;
	expect(() => siteForUp(choice, "typescript")).toThrow(/--context/);
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
	expect(() => siteForUp(choice, "typescript")).toThrow(/--context/);
	expect(() => siteForOthers(choice, true)).toThrow(/--context/);
});

test("an engine other than the standard one is a setting from then on", () => {
	const choice = { target: "kind", context: undefined } as const;
	expect(siteForUp(choice, "python").settings.engine).toBe("python");
	expect(siteForUp(choice, "typescript").env).not.toHaveProperty(
		"FIREWORKS_ENGINE",
	);
});

test("kind has its own context and its own file, another one in the devcontainer", () => {
	const choice = { target: "kind", context: undefined } as const;
	process.env.FIREWORKS_KIND_CLUSTER = "mine";
	expect(siteForUp(choice, "typescript").access).toEqual({
		context: "kind-mine",
		kubeconfig: join(dir, "kubeconfig"),
	});
	process.env.FIREWORKS_DEVCONTAINER = "1";
	expect(siteForUp(choice, "typescript").access.kubeconfig).toBe(
		join(dir, "kubeconfig.internal"),
	);
	expect(() => siteForUp({ ...choice, context: "prod" }, "typescript")).toThrow(
		/for `--target cluster`/,
	);
});
