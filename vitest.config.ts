import { defineConfig } from "vitest/config";

/**
 * One project for each kind of test: what it needs differs, and so does how long it may take. The
 * limits are for a machine that is busy with something else: a wait inside a test
 * (tests/harness/wait-for.ts) should give up before, as it can say what it saw last.
 */
const project = (name: string, include: string[], timeoutMs: number) => ({
	test: {
		name,
		// The cluster suite is a journey, each step on what the one before left.
		sequence: { shuffle: { tests: name !== "cluster" } },
		include,
		testTimeout: timeoutMs,
		hookTimeout: timeoutMs,
		...(name === "unit" ? {} : { fileParallelism: false }),
	},
});

export default defineConfig({
	test: {
		// In another order each time, so that no test comes to need another one. Said here too, as
		// only then the seed is printed.
		sequence: { shuffle: { tests: true } },
		projects: [
			project(
				"unit",
				[
					"{packages,services,apps,examples,pipelines}/*/test/**/*.test.{ts,tsx}",
					"packages/pipeline/templates/*/test/*.test.ts",
					"tests/{simulation,tidy}/**/*.test.ts",
				],
				60_000,
			),
			project("bootstrap", ["tests/bootstrap/**/*.test.ts"], 120_000),
			project("integration", ["tests/integration/**/*.test.ts"], 300_000),
			project("browser", ["tests/browser/**/*.test.ts"], 300_000),
			project("faults", ["tests/faults/**/*.test.ts"], 900_000),
			project("charts", ["tests/charts/**/*.test.ts"], 120_000),
			project("engines", ["tests/engines/**/*.test.ts"], 900_000),
			project(
				"cluster",
				["tests/cluster/**/*.test.ts", "apps/cli/test/kind/*.kind.ts"],
				600_000,
			),
		],
	},
});
