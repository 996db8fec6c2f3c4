/** All checks before something is started. `doctor` runs them at any time. */
import type { Java } from "@fireworks/local-kafka";
import type { StateFolder } from "../project.ts";
import type { AllSettings } from "../settings.ts";
import { checkCache, checkDisk } from "./disk.ts";
import { checkEngines } from "./engines.ts";
import type { Finding } from "./finding.ts";
import { checkJava } from "./java.ts";
import { checkHeap, checkMemory } from "./memory.ts";
import { checkPorts } from "./ports.ts";
import { checkBuild, checkNode } from "./programs.ts";
import { checkStateFolder } from "./state-folder.ts";

export interface Preflight {
	findings: Finding[];
	/** The Java, if one was found. */
	java?: Java;
}

/** own: pids of the running system's parts. */
export async function preflight(
	settings: AllSettings,
	folder: StateFolder,
	own?: ReadonlySet<number>,
): Promise<Preflight> {
	const { finding, java } = await checkJava(settings);
	const cache = checkCache(settings);
	const findings = [
		checkNode(),
		finding,
		...(cache.level === "problem" ? [] : checkEngines(settings, folder)),
		checkBuild(settings.lake === "on"),
		...checkStateFolder(folder),
		checkDisk("state folder", folder.root),
		cache,
		checkMemory(),
		...checkHeap(settings.kafkaHeapMb),
		...(await checkPorts(settings, own)),
	];
	return { findings, ...(java ? { java } : {}) };
}
