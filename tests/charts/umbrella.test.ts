/**
 * The chart as a dependency of a parent chart: packed, switched on and off, renamed, and with the
 * parent's registry.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import {
	CHART,
	ofKind,
	one,
	parseObjects,
	podsOf,
	type Rendered,
	render,
	runHelm,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

let parent: string;

beforeAll(() => {
	if (withoutHelm !== undefined) return;
	parent = mkdtempSync(join(tmpdir(), "fireworks-parent-"));
	mkdirSync(join(parent, "charts"));
	mkdirSync(join(parent, "templates"));
	const packed = runHelm(["package", CHART, "-d", join(parent, "charts")]);
	expect(packed.stderr).toBe("");
	writeFileSync(
		join(parent, "Chart.yaml"),
		stringify({
			apiVersion: "v2",
			name: "parent",
			version: "1.0.0",
			dependencies: [
				{
					name: "fireworks",
					version: "0.1.0",
					repository: "https://charts.example.org",
					condition: "fireworks.enabled",
				},
				{
					name: "fireworks",
					alias: "second",
					version: "0.1.0",
					repository: "https://charts.example.org",
					condition: "second.enabled",
				},
			],
		}),
	);
	writeFileSync(
		join(parent, "values.yaml"),
		stringify({
			global: { imageRegistry: "r.example.com", storageClass: "fast" },
			fireworks: { enabled: true },
			second: { enabled: false, nameOverride: "second" },
		}),
	);
});
afterAll(() => {
	if (parent) rmSync(parent, { recursive: true });
});

const renderParent = (values: Record<string, string | boolean> = {}) => {
	const { stdout, stderr } = tryRender(set(values), parent);
	expect(stderr).toBe("");
	return parseObjects(stdout);
};

/** Every image: of containers, and of the pods that Spark creates. */
const imagesOf = (objects: Rendered[]): string[] => [
	...podsOf(objects).flatMap(({ spec }) =>
		[...(spec.initContainers ?? []), ...spec.containers].map((c) => c.image),
	),
	...ofKind(objects, "ConfigMap").flatMap((config) =>
		[
			...JSON.stringify(config.data).matchAll(
				/spark\.kubernetes\.container\.image=([^\\]+)/g,
			),
		].map(([, image]) => image as string),
	),
];
const names = (objects: Rendered[]) => objects.map((o) => o.metadata.name);
const uniqueSecrets = (objects: Rendered[]) => [
	...new Set(
		podsOf(objects).map(({ spec }) => JSON.stringify(spec.imagePullSecrets)),
	),
];

describe.skipIf(withoutHelm)(`in a parent chart ${withoutHelm ?? ""}`, () => {
	test("it is all there, with the parent's registry, and other charts' globals are let be", () => {
		const objects = renderParent();
		expect(names(objects).sort()).toEqual(names(render()).sort());
		const images = imagesOf(objects);
		expect(images).toHaveLength(7);
		for (const image of images) expect(image).toMatch(/^r\.example\.com\//);
	});

	test("the condition switches it off, Kafka too", () => {
		expect(renderParent({ "fireworks.enabled": false })).toEqual([]);
	});

	test("two of them in one release: an alias with a name of its own", () => {
		const objects = renderParent({ "second.enabled": true });
		const all = objects.map((o) => `${o.kind}/${o.metadata.name}`);
		expect(new Set(all).size).toBe(all.length);
		one(objects, "StatefulSet", "fireworks-kafka");
		one(objects, "StatefulSet", "fireworks-second-kafka");
	});
});

describe.skipIf(withoutHelm)(`names ${withoutHelm ?? ""}`, () => {
	test("nameOverride is after the release's name in every name, Kafka's too", () => {
		const objects = render(...set({ nameOverride: "fw" }));
		for (const name of names(objects)) expect(name).toMatch(/^fireworks-fw-/);
		expect(
			one(objects, "ConfigMap", "fireworks-fw-config").data.FIREWORKS_BROKERS,
		).toBe("fireworks-fw-kafka.fireworks.svc.cluster.local:9092");
		const deployment = one(objects, "Deployment", "fireworks-fw-metronome");
		expect(deployment.spec.selector.matchLabels).toEqual(
			one(render(), "Deployment", "fireworks-metronome").spec.selector
				.matchLabels,
		);
	});

	test("fullnameOverride is in the place of both", () => {
		const found = names(
			render(
				...set({
					nameOverride: "fw",
					fullnameOverride: "a",
					"kafka.fullnameOverride": "b",
				}),
			),
		);
		for (const name of found) expect(name).toMatch(/^(a-|b-kafka)/);
	});

	test("enabled: false is refused where no condition has read it", () => {
		const { code, stderr } = tryRender(set({ enabled: false }));
		expect(code).not.toBe(0);
		expect(stderr).toContain("no condition reads it");
	});
});

describe.skipIf(withoutHelm)(`the registry ${withoutHelm ?? ""}`, () => {
	const global = [
		...set({ "global.imageRegistry": "r.example.com" }),
		"--set-json",
		'global.imagePullSecrets=["plain",{"name":"reg"}]',
	];

	test.each(["typescript", "python", "spark"])(
		"engine %s: every image is from global.imageRegistry",
		(engine) => {
			const images = imagesOf(
				render(...global, ...set({ "processor.engine": engine })),
			);
			expect(images).toHaveLength(engine === "spark" ? 8 : 7);
			for (const image of images) expect(image).toMatch(/^r\.example\.com\//);
		},
	);

	test("pull secrets are the chart's own and the parent's, each once", () => {
		const own = [
			"--set-json",
			'image.pullSecrets=[{"name":"own"},{"name":"reg"}]',
			"--set-json",
			'kafka.image.pullSecrets=[{"name":"own"},{"name":"reg"}]',
		];
		const objects = render(...global, ...own);
		expect(uniqueSecrets(objects)).toEqual([
			JSON.stringify([{ name: "own" }, { name: "reg" }, { name: "plain" }]),
		]);
		const executor = one(
			render(...global, ...set({ "processor.engine": "spark" })),
			"ConfigMap",
			"fireworks-processor-spark",
		).data["executor.yaml"];
		expect(parseObjects(executor)[0].spec.imagePullSecrets).toEqual([
			{ name: "plain" },
			{ name: "reg" },
		]);
	});

	test("what is said of one image goes before what is said of all", () => {
		const objects = render(
			...global,
			...set({
				"image.registry": "own.example.com",
				"dashboard.image": "page.example.com/page:1",
			}),
		);
		const imageOf = (name: string) =>
			one(objects, "Deployment", name).spec.template.spec.containers[0].image;
		expect(imageOf("fireworks-metronome")).toMatch(/^own\.example\.com\//);
		expect(imageOf("fireworks-dashboard")).toBe("page.example.com/page:1");
	});

	test.each([
		["global.imageRegistry=https://r", "/global/imageRegistry"],
		["global.imagePullSecrets[0].nam=x", "/global/imagePullSecrets"],
	])("a wrong %s is refused", (values, says) => {
		const { code, stderr } = tryRender(["--set", values]);
		expect(code).not.toBe(0);
		expect(stderr).toContain(says);
	});
});
