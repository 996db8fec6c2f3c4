/** Everything that is looked at before something is started, and by `doctor` at any time. */
import type { Java } from "@fireworks/local-kafka";
import type { AllSettings } from "../local-settings.ts";
import type { StateFolder } from "../project.ts";
import { kafkaCacheDirOf } from "../supervisor/parts.ts";
import { checkDisk } from "./disk.ts";
import type { Finding } from "./finding.ts";
import { checkMemory } from "./memory.ts";
import { checkPorts } from "./ports.ts";
import { checkBuild, checkJava, checkNode } from "./programs.ts";
import { checkStateFolder } from "./state-folder.ts";

export interface Preflight {
	findings: Finding[];
	/** Where it was found. */
	java?: Java;
}

/** own: pids of the running system's parts. */
export async function preflight(
	settings: AllSettings,
	folder: StateFolder,
	own?: ReadonlySet<number>,
): Promise<Preflight> {
	const { finding, java } = await checkJava();
	const findings = [
		checkNode(),
		finding,
		checkBuild(),
		...checkStateFolder(folder),
		checkDisk("state folder", folder.root),
		checkDisk("cache", kafkaCacheDirOf(settings)),
		checkMemory(),
		...(await checkPorts(settings, own)),
	];
	return { findings, ...(java ? { java } : {}) };
}
