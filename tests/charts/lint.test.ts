/** helm lint and the charts' own bookkeeping. */
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
	CHART,
	ROOT,
	renderText,
	runHelm,
	SCENARIOS,
	SUBCHART,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

const chartFile = (folder: string) =>
	parse(readFileSync(join(folder, "Chart.yaml"), "utf8"));

describe.skipIf(withoutHelm)(`helm lint ${withoutHelm ?? ""}`, () => {
	test.each(Object.keys(SCENARIOS))("%s has nothing to complain of", (name) => {
		const { code, stdout } = runHelm([
			"lint",
			"--strict",
			CHART,
			...(SCENARIOS[name] as string[]),
		]);
		expect(stdout).not.toMatch(/\[(WARNING|ERROR)\]/);
		expect(code).toBe(0);
	});

	test("the subchart stands alone", () => {
		expect(runHelm(["lint", "--strict", SUBCHART]).code).toBe(0);
		expect(tryRender([], SUBCHART).stdout).toContain("kind: StatefulSet");
	});

	test("the dependency is there without a network, as it is named", () => {
		const { stdout } = runHelm(["dependency", "list", CHART]);
		expect(stdout).toMatch(
			/kafka\s+0\.1\.0\s+file:\/\/\.\.\/kafka\s+(ok|unpacked)/,
		);
	});

	test("a rendering is the same each time", () => {
		expect(tryRender([]).stdout).toBe(renderText());
	});
});

test("the parent names the subchart's version, and charts/kafka is the subchart", () => {
	const [dependency] = chartFile(CHART).dependencies;
	expect(dependency.version).toBe(chartFile(SUBCHART).version);
	expect(lstatSync(join(ROOT, "charts", "kafka")).isSymbolicLink()).toBe(true);
	expect(realpathSync(join(ROOT, "charts", "kafka"))).toBe(SUBCHART);
});
