/**
 * For tests, which may be cut off at any moment: the processes that they started must not survive
 * them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Ends the child by SIGKILL when this process ends, for whatever reason. A watcher process notices
 * the end of a pipe that only this process holds.
 */
export function endWithUs(child: ChildProcess): void {
	if (child.pid === undefined) return;
	const watcher = spawn("sh", ["-c", `read -r _ || kill -KILL ${child.pid}`], {
		stdio: ["pipe", "ignore", "ignore"],
		// Ctrl-C in a terminal goes to the whole process group.
		detached: true,
	});
	const pipe = watcher.stdin as Socket | null;
	watcher.unref();
	pipe?.unref();
	pipe?.on("error", () => {});
	child.once("exit", () => pipe?.end("\n"));
}
