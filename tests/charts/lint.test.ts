/** helm lint, and consistency of the charts' metadata. */
import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
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

	test.each(Object.entries(SCENARIOS))(
		"%s: rendered twice, it is the same bytes",
		(_, args) => {
			expect(tryRender(args).stdout).toBe(renderText(args));
		},
	);

	test("no template uses a random or a time function", () => {
		const files = readdirSync(CHART, { recursive: true, encoding: "utf8" })
			.filter(
				(name) => name.startsWith("templates/") || name.includes("/templates/"),
			)
			.filter((name) => /\.(tpl|yaml|txt)$/.test(name));
		expect(files.length).toBeGreaterThan(30);
		for (const name of files)
			expect(
				readFileSync(join(CHART, name), "utf8").replaceAll(
					/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g,
					"",
				),
				name,
			).not.toMatch(
				/\b(rand[A-Z]\w*|uuidv4|shuffle|gen[A-Z]\w+|now|htpasswd|bcrypt)\b(?=[^}]*\}\})/,
			);
	});
});

test("the parent names the subchart's version, and charts/kafka is the subchart", () => {
	const [dependency] = chartFile(CHART).dependencies;
	expect(dependency.version).toBe(chartFile(SUBCHART).version);
	expect(lstatSync(join(ROOT, "charts", "kafka")).isSymbolicLink()).toBe(true);
	expect(realpathSync(join(ROOT, "charts", "kafka"))).toBe(SUBCHART);
});
