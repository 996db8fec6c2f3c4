import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const root = fileURLToPath(new URL("../..", import.meta.url));

const config: NextConfig = {
	output: "standalone",
	outputFileTracingRoot: root,
	turbopack: { root },
	transpilePackages: ["@fireworks/client", "@fireworks/contracts"],
	// tsc checks the types (`pnpm typecheck`), with the rest of the repository: once, not once more in every build.
	typescript: { ignoreBuildErrors: true },
	poweredByHeader: false,
	images: { unoptimized: true },
	experimental: {
		// A reminder to upgrade may stop a build and looks for news on the network: neither belongs into a build.
		agentUpgrade: false,
		// The server has one page: loading it at its first request keeps the idle server small.
		preloadEntriesOnStart: false,
	},
};

export default config;
