import { parseSettings } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { compareVariables } from "../src/compare.ts";
import { parseAll, partVariables } from "../src/local-settings.ts";
import { PART_NAMES } from "../src/part-names.ts";
import { checkPorts } from "../src/preflight/ports.ts";
import { stateFolder } from "../src/project.ts";
import { partDefinitions } from "../src/supervisor/parts.ts";

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

test("nothing is compared unless asked", async () => {
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
		"middlewareEngine",
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
		middlewareEngine: "python",
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

test("its ports are looked at, may be any free ones, and the page is told", async () => {
	const env = {
		...COMPARED,
		FIREWORKS_COMPARE_MIDDLEWARE_PORT: "0",
		FIREWORKS_COMPARE_PROCESSOR_PORT: "0",
	};
	const variables = await partVariables(env, parseAll(env));
	const port = variables.FIREWORKS_COMPARE_MIDDLEWARE_PORT;
	expect(Number(port)).toBeGreaterThan(0);
	expect(variables.FIREWORKS_DASHBOARD_COMPARE_WEBSOCKET_URL).toBe(`:${port}`);
	const looked = await checkPorts(parseAll(env));
	expect(looked.map(({ message }) => message).join()).toContain(
		"middleware-python",
	);
	const clash = { ...COMPARED, FIREWORKS_COMPARE_MIDDLEWARE_PORT: "8080" };
	await expect(partVariables(clash, parseAll(clash))).rejects.toThrow(
		"FIREWORKS_MIDDLEWARE_PORT and FIREWORKS_COMPARE_MIDDLEWARE_PORT are both 8080",
	);
});
