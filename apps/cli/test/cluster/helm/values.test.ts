import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SETTINGS, type SettingName, variableOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { CHART } from "../../../src/cluster/helm/chart.ts";
import { chartValues } from "../../../src/cluster/helm/values.ts";
import { KAFKA_IMAGE } from "../../../src/cluster/kind-up.ts";
import { parseAll } from "../../../src/settings.ts";

const valuesOf = (env: Record<string, string>, more = {}) =>
	chartValues({
		settings: parseAll(env),
		set: (Object.keys(SETTINGS) as SettingName[]).filter(
			(name) => env[variableOf(name)] !== undefined,
		),
		...more,
	});

test("nothing set, nothing passed", () => {
	expect(valuesOf({})).toEqual({});
});

test("pipelines are named, and share one image", () => {
	expect(
		valuesOf(
			{},
			{
				pipelines: ["weather"],
				images: new Map([
					["metronome", "a:1"],
					["pipelines", "b:2"],
				]),
			},
		),
	).toEqual({
		metronome: { image: "a:1" },
		pipelineDefaults: { image: "b:2" },
		pipelines: { weather: {} },
	});
});

test("an optional part is enabled, and has its image", () => {
	expect(
		valuesOf(
			{ FIREWORKS_INGEST: "on" },
			{ images: new Map([["ingest", "a:1"]]) },
		),
	).toEqual({ ingest: { enabled: true, image: "a:1" } });
	expect(valuesOf({ FIREWORKS_INGEST: "off" })).toEqual({});
});

test("what was set goes where the chart has it: its config, its values, or nowhere", () => {
	expect(
		valuesOf({
			FIREWORKS_SEED: "7",
			FIREWORKS_RETENTION_MS: "3600000",
			FIREWORKS_METRONOME_DEVICES: "50",
			FIREWORKS_MIDDLEWARE_ORIGINS: "https://a.example,https://b.example",
			FIREWORKS_DASHBOARD_PORT: "13000",
			FIREWORKS_STATE_DIR: "/tmp/x",
			FIREWORKS_KIND_CLUSTER: "mine",
		}),
	).toEqual({
		config: { FIREWORKS_SEED: "7", FIREWORKS_RETENTION_MS: "3600000" },
		metronome: { devices: 50 },
		middleware: { origins: ["https://a.example", "https://b.example"] },
	});
});

test("images by part, addresses where the ports are others, devices of a file", () => {
	expect(
		valuesOf(
			{
				FIREWORKS_IMAGE_TAG: "1",
				FIREWORKS_KAFKA_IMAGE: "m:5000/apache/kafka:4",
			},
			{
				images: new Map([["cli", "fireworks/cli:dev-1"]]),
				addresses: {
					origins: ["http://localhost:1"],
					websocketUrl: "ws://l:2/ws",
				},
				devices: [{ deviceId: "a" }],
			},
		),
	).toEqual({
		cli: { image: "fireworks/cli:dev-1" },
		kafka: { image: { repository: "m:5000/apache/kafka", tag: "4" } },
		middleware: { origins: ["http://localhost:1"] },
		dashboard: { websocketUrl: "ws://l:2/ws" },
		metronome: { devices: [{ deviceId: "a" }] },
	});
});

test("for a cluster: registry and tag", () => {
	expect(
		valuesOf({
			FIREWORKS_IMAGE_REGISTRY: "ghcr.io/acme",
			FIREWORKS_IMAGE_TAG: "1",
		}),
	).toEqual({ image: { registry: "ghcr.io/acme", tag: "1" } });
});

test("an external Kafka is refused here: the chart has more to know of it", () => {
	expect(() => valuesOf({ FIREWORKS_BROKERS: "kafka:9092" })).toThrow(
		expect.objectContaining({
			exitCode: 64,
			message: expect.stringMatching(/kafka\.external/),
		}),
	);
});

test("the image of Kafka that is loaded into kind is the chart's", () => {
	const chart = readFileSync(join(CHART, "charts/kafka/Chart.yaml"), "utf8");
	const version = /appVersion: "(.*)"/.exec(chart)?.[1];
	expect(KAFKA_IMAGE).toBe(`apache/kafka:${version}`);
});
