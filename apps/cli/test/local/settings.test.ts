import { resolve } from "node:path";
import { SETTINGS } from "@fireworks/contracts";
import { DEFAULT_MAVEN_URL } from "@fireworks/local-kafka";
import { expect, test } from "vitest";
import { partVariables, topicsEnvironment } from "../../src/local/settings.ts";
import { writeState } from "../../src/local/state/state.ts";
import { ROOT } from "../../src/project.ts";
import {
	dropBuildSettings,
	parseAll,
	stateFolderOf,
} from "../../src/settings.ts";
import { tempFolder } from "../support/temp.ts";

const dir = tempFolder();
const variables = (env: Record<string, string>) =>
	partVariables(env, parseAll(env));

test("all wrong settings are reported at once", () => {
	expect(() => parseAll({ FIREWORKS_SEED: "x", FIREWORKS_SEEDS: "1" })).toThrow(
		expect.objectContaining({
			exitCode: 78,
			message: expect.stringMatching(/FIREWORKS_SEED.*\n.*FIREWORKS_SEEDS/),
		}),
	);
});

test("settings of the devcontainer's build are neither refused nor passed on; a misspelt setting is still refused", () => {
	const env: NodeJS.ProcessEnv = {
		FIREWORKS_KIND_URL: "http://mirror.example/kind",
		FIREWORKS_DOCKER_CLI_SHA256: "00",
		FIREWORKS_DEVCONTAINER_IMAGE: "mirror.example/node:24",
		FIREWORKS_KIND_CLUSTER: "mine",
		FIREWORKS_KIND_CLUSTRE: "1",
	};
	dropBuildSettings(env);
	expect(env).toEqual({
		FIREWORKS_KIND_CLUSTER: "mine",
		FIREWORKS_KIND_CLUSTRE: "1",
	});
	expect(() => parseAll(env)).toThrow(/FIREWORKS_KIND_CLUSTRE/);
});

test("the parts get the local broker and the page's origins", async () => {
	const got = await variables({
		FIREWORKS_KAFKA_PORT: "19092",
		FIREWORKS_DASHBOARD_PORT: "13000",
		HOME: "/h",
	});
	expect(got).toMatchObject({
		FIREWORKS_BROKERS: "127.0.0.1:19092",
		FIREWORKS_MIDDLEWARE_ORIGINS:
			"http://localhost:13000,http://127.0.0.1:13000,http://[::1]:13000,https://localhost:13000",
		FIREWORKS_MIDDLEWARE_PORT: "8080",
	});
	expect(got).not.toHaveProperty("HOME");
});

test("port 0 becomes a free one, equal ports are an error", async () => {
	const got = await variables({ FIREWORKS_KAFKA_PORT: "0" });
	expect(Number(got.FIREWORKS_KAFKA_PORT)).toBeGreaterThan(0);
	await expect(variables({ FIREWORKS_KAFKA_PORT: "8080" })).rejects.toThrow(
		"FIREWORKS_KAFKA_PORT and FIREWORKS_MIDDLEWARE_PORT are both 8080",
	);
});

test("the security of another Kafka is an error: the local one has none", async () => {
	await expect(
		variables({
			FIREWORKS_KAFKA_TLS: "true",
			FIREWORKS_KAFKA_PORT: "19092",
		}),
	).rejects.toThrow(/^FIREWORKS_KAFKA_TLS: the local system has a Kafka/);
});

test("the state folder is the clone's, wherever one is, unless set", () => {
	expect(stateFolderOf({}).root).toBe(resolve(ROOT, ".fireworks"));
	expect(stateFolderOf({ FIREWORKS_STATE_DIR: dir }).root).toBe(dir);
});

test("what the system was started with is remembered; what is set now wins", async () => {
	const env = { FIREWORKS_STATE_DIR: dir, FIREWORKS_SEED: "8" };
	writeState(stateFolderOf(env).stateFile, {
		version: 1,
		target: "local",
		phase: "ready",
		problem: null,
		problemPart: null,
		page: "",
		startedAt: 0,
		supervisor: { pid: 1, startTime: "x" },
		settings: { FIREWORKS_SEED: "7", FIREWORKS_KAFKA_PORT: "19092" },
		parts: [],
	});
	expect(await topicsEnvironment(env)).toMatchObject({
		FIREWORKS_SEED: "8",
		FIREWORKS_BROKERS: "127.0.0.1:19092",
	});
});

test("the address of the jars is the same in the settings as in local-kafka", () => {
	expect(SETTINGS.mavenUrl.default).toBe(DEFAULT_MAVEN_URL);
});
