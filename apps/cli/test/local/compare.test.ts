import { parseSettings } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { compareVariables } from "../../src/local/compare.ts";
import { PART_NAMES } from "../../src/local/part-names.ts";
import { partVariables } from "../../src/local/settings.ts";
import { partDefinitions } from "../../src/local/supervisor/parts.ts";
import { relayVariables } from "../../src/local/supervisor/relay-variables.ts";
import { checkPorts } from "../../src/preflight/ports.ts";
import { stateFolder } from "../../src/project.ts";
import { parseAll } from "../../src/settings.ts";

const COMPARED = {
	FIREWORKS_COMPARE_ENGINE: "python",
	FIREWORKS_TOPIC_WIENER: "paths",
	FIREWORKS_MIDDLEWARE_TOPIC: "something",
};

const definitions = (env: Record<string, string>) =>
	partDefinitions({
		settings: parseAll(env),
		env,
		folder: stateFolder("/nowhere"),
		java: { path: "java", version: 21 } as never,
	}).map(({ name, ports }) => [name, ports]);

test("without --compare nothing is compared", async () => {
	const settings = parseAll({});
	expect(compareVariables(settings)).toEqual({});
	expect(definitions({}).map(([name]) => name)).toEqual(PART_NAMES);
	const variables = await partVariables({}, settings);
	expect(Object.keys(variables).join()).not.toContain("COMPARE");
});

test("the second engine has topics, a group and ports of its own, and the first's ticks and seed", () => {
	const env = { ...COMPARED, FIREWORKS_SEED: "7" };
	const second = parseSettings({ ...env, ...compareVariables(parseAll(env)) }, [
		"engine",
		"seed",
		"processorGroup",
		"topicMetronome",
		"topicWiener",
		"topicProcessorChangelog",
		"topicDeadLetter",
		"processorPort",
		"middlewarePort",
		"middlewareTopic",
	]);
	expect(second).toEqual({
		engine: "python",
		seed: "7",
		processorGroup: "fireworks-processor-python",
		topicMetronome: "metronome",
		topicWiener: "paths-python",
		topicProcessorChangelog: "processor-changelog-python",
		topicDeadLetter: "dead-letter-python",
		processorPort: 8092,
		middlewarePort: 8090,
		middlewareTopic: "",
	});
});

test("its parts come after the five, so that they are stopped first", () => {
	const all = definitions(COMPARED);
	expect(all.slice(0, 5).map(([name]) => name)).toEqual(PART_NAMES);
	expect(all.slice(5)).toEqual([
		["processor-python", { http: 8092 }],
		["middleware-python", { http: 8090 }],
	]);
});

test("an optional part comes after the five, with a port of its own; off, it takes none", async () => {
	const env = { ...COMPARED, FIREWORKS_INGEST: "on" };
	expect(
		definitions(env)
			.slice(5)
			.map(([name]) => name),
	).toEqual(["ingest", "processor-python", "middleware-python"]);
	const same = { FIREWORKS_PROCESSOR_PORT: "8084" };
	await expect(
		partVariables({}, parseAll({ ...same, FIREWORKS_INGEST: "on" })),
	).rejects.toThrow(
		"FIREWORKS_PROCESSOR_PORT and FIREWORKS_INGEST_PORT are both 8084",
	);
	expect(await partVariables(same, parseAll(same))).toMatchObject(same);
});

test("its ports are checked, may be any free ones, and the page gets the address", async () => {
	const env = {
		...COMPARED,
		FIREWORKS_COMPARE_MIDDLEWARE_PORT: "0",
		FIREWORKS_COMPARE_PROCESSOR_PORT: "0",
	};
	const variables = await partVariables(env, parseAll(env));
	const port = variables.FIREWORKS_COMPARE_MIDDLEWARE_PORT;
	expect(Number(port)).toBeGreaterThan(0);
	expect(relayVariables(parseAll(variables), variables)).toMatchObject({
		FIREWORKS_DASHBOARD_COMPARE_MIDDLEWARE_URL: `ws://127.0.0.1:${port}/ws`,
	});
	const looked = await checkPorts(parseAll(env));
	expect(looked.map(({ message }) => message).join()).toContain(
		"middleware-python",
	);
	const clash = { ...COMPARED, FIREWORKS_COMPARE_MIDDLEWARE_PORT: "8080" };
	await expect(partVariables(clash, parseAll(clash))).rejects.toThrow(
		"FIREWORKS_MIDDLEWARE_PORT and FIREWORKS_COMPARE_MIDDLEWARE_PORT are both 8080",
	);
});
