/** Checks the programs: Node, and the built parts. */

import { existsSync } from "node:fs";
import { PROGRAMS } from "@fireworks/programs";
import { type Finding, ok, problem } from "./finding.ts";

const NODE_MAJOR = 24;
const OF_THE_LAKE = /^lake/;

export function checkNode(version = process.versions.node): Finding {
	return Number.parseInt(version, 10) === NODE_MAJOR
		? ok("node", version)
		: problem(
				"node",
				`this is Node ${version}, and the project is made for ${NODE_MAJOR}`,
				"Start it by `sh bootstrap.sh`, which fetches the right one",
			);
}

/** lake: whether the parts of the lake are started too. */
export function checkBuild(lake: boolean): Finding {
	const missing = Object.entries(PROGRAMS)
		.filter(
			([name, path]) => (lake || !OF_THE_LAKE.test(name)) && !existsSync(path),
		)
		.map(([name]) => name);
	return missing.length === 0
		? ok("build", "every part is built")
		: problem(
				"build",
				`not built: ${missing.join(", ")}`,
				"Run `sh bootstrap.sh`, or `pnpm install && pnpm build`",
			);
}
