/** For tests, which may be cut off at any moment: what they started must not stay. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Ends the child by SIGKILL when this process ends, however that comes: a watcher sees the end of a pipe that only this process holds. */
export function endWithUs(child: ChildProcess): void {
	if (child.pid === undefined) return;
	const watcher = spawn("sh", ["-c", `read -r _ || kill -KILL ${child.pid}`], {
		stdio: ["pipe", "ignore", "ignore"],
		// Ctrl-C in a terminal goes to a whole group of processes.
		detached: true,
	});
	const pipe = watcher.stdin as Socket | null;
	watcher.unref();
	pipe?.unref();
	pipe?.on("error", () => {});
	child.once("exit", () => pipe?.end("\n"));
}
