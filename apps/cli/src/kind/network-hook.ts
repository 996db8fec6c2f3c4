/** In the devcontainer: names and addresses of the cluster made reachable, and given back, by its own script. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../project.ts";
import { runTool } from "../run-tool.ts";

const SCRIPT = join(ROOT, ".devcontainer/network.sh");
const TIMEOUT_MS = 60_000;

export async function networkHook(
	devcontainer: boolean,
	word: "up" | "down",
	cluster: string,
): Promise<void> {
	if (!devcontainer || !existsSync(SCRIPT)) return;
	await runTool("sh", [SCRIPT, word, cluster], { timeoutMs: TIMEOUT_MS });
}
