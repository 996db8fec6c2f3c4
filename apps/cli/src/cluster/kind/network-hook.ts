/**
 * Runs the devcontainer's own script, which makes the names and addresses of the cluster reachable,
 * and undoes that.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../project.ts";
import { runTool } from "../../run-tool.ts";

const SCRIPT = join(ROOT, ".devcontainer/network.sh");
const TIMEOUT_MS = 60_000;

export async function networkHook(
	devcontainer: boolean,
	command: "up" | "down",
	cluster: string,
): Promise<void> {
	if (!devcontainer || !existsSync(SCRIPT)) return;
	await runTool("sh", [SCRIPT, command, cluster], { timeoutMs: TIMEOUT_MS });
}
