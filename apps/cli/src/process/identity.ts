/**
 * Is this process still the one we started?
 *
 * A pid alone does not tell: the system gives it to somebody else after a while, and killing that one would be a disaster. Pid and start
 * time together name a process for good; on Linux the start time counts from boot, so the boot's id belongs to it.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
	pid: number;
	/** Opaque; equal for the same process only. */
	startTime: string;
}

/** The identity of a process that runs now; undefined where there is none (a zombie is none). */
export const identify = (pid: number): ProcessIdentity | undefined => {
	const startTime =
		process.platform === "linux" ? linuxStartTime(pid) : psStartTime(pid);
	return startTime === undefined ? undefined : { pid, startTime };
};

export const isAlive = (known: ProcessIdentity): boolean =>
	identify(known.pid)?.startTime === known.startTime;

/** Field 22 of /proc/<pid>/stat; the name before it may hold blanks and brackets. */
export function parseStat(
	stat: string,
): { state: string; startTicks: string } | undefined {
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [state, startTicks] = [fields[0], fields[19]];
	return state && startTicks ? { state, startTicks } : undefined;
}

function linuxStartTime(pid: number): string | undefined {
	try {
		const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
		if (stat === undefined || stat.state === "Z" || stat.state === "X")
			return undefined;
		return `${bootId().slice(0, 8)}:${stat.startTicks}`;
	} catch {
		return undefined;
	}
}

let boot: string | undefined;
function bootId(): string {
	boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
	return boot;
}

function psStartTime(pid: number): string | undefined {
	try {
		const out = execFileSync("ps", ["-o", "stat=,lstart=", "-p", `${pid}`], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
			env: { ...process.env, LC_ALL: "C" },
		}).trim();
		const [state = "", ...started] = out.split(/\s+/);
		return state === "" || state.startsWith("Z")
			? undefined
			: started.join(" ");
	} catch {
		return undefined;
	}
}
