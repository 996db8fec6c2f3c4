import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const root = fileURLToPath(new URL("../..", import.meta.url));

const config: NextConfig = {
	output: "standalone",
	outputFileTracingRoot: root,
	turbopack: { root },
	transpilePackages: [
		"@fireworks/client",
		"@fireworks/contracts",
		"@fireworks/time",
	],
	// tsc checks the types (`pnpm typecheck`), once for the whole repository, instead of again in
	// every build.
	typescript: { ignoreBuildErrors: true },
	poweredByHeader: false,
	images: { unoptimized: true },
	experimental: {
		// Off: the reminder to upgrade can stop a build, and it checks the network for news.
		agentUpgrade: false,
		// Loading a page at its first request keeps the idle server small.
		preloadEntriesOnStart: false,
	},
};

export default config;
