import { defineConfig } from "vitest/config";

/** One project a kind of test: what it needs differs, and so does how long it may take. */
const project = (name: string, include: string[], timeoutMs: number) => ({
	test: {
		name,
		include,
		testTimeout: timeoutMs,
		hookTimeout: timeoutMs,
		...(name === "unit" ? {} : { fileParallelism: false }),
	},
});

export default defineConfig({
	test: {
		projects: [
			project(
				"unit",
				["{packages,services,apps,examples}/*/test/**/*.test.{ts,tsx}"],
				20_000,
			),
			project("integration", ["tests/integration/**/*.test.ts"], 120_000),
			project("browser", ["tests/browser/**/*.test.ts"], 180_000),
			project("faults", ["tests/faults/**/*.test.ts"], 600_000),
			project("charts", ["tests/charts/**/*.test.ts"], 120_000),
			project("engines", ["tests/engines/**/*.test.ts"], 480_000),
			project("cluster", ["tests/cluster/**/*.test.ts"], 600_000),
		],
	},
});
