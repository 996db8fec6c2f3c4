/**
 * Identifies a process, to know later whether it is still the one that we started.
 *
 * A pid alone is not enough: after a while the system gives it to another process, and killing that
 * one would be a disaster. Pid and start time together are unique. On Linux the start time counts
 * from boot, so the boot's id is part of it.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
	pid: number;
	/** Opaque. Equal only for the same process. */
	startTime: string;
}

/** The identity of a running process; undefined if it does not run. A zombie does not count. */
export const identify = (pid: number): ProcessIdentity | undefined => {
	const startTime =
		process.platform === "linux" ? linuxStartTime(pid) : psStartTime(pid);
	return startTime === undefined ? undefined : { pid, startTime };
};

export const isAlive = (known: ProcessIdentity): boolean =>
	identify(known.pid)?.startTime === known.startTime;

/**
 * Fields 3, 4 and 22 of /proc/<pid>/stat. The name before them may contain blanks and brackets.
 */
export function parseStat(
	stat: string,
): { state: string; parent: number; startTicks: string } | undefined {
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [state, parent, startTicks] = [fields[0], fields[1], fields[19]];
	return state && parent && startTicks
		? { state, parent: Number(parent), startTicks }
		: undefined;
}

const GENERATIONS_MAX = 16;

/**
 * Whether a process is one of these, or was started by one of them. A part may listen through a
 * child process, as Spark's clock does through its JVM. False if there is no /proc.
 */
export function descendsFrom(pid: number, known: ReadonlySet<number>): boolean {
	let at: number | undefined = pid;
	for (let n = 0; at !== undefined && at > 1 && n < GENERATIONS_MAX; n += 1) {
		if (known.has(at)) return true;
		at = readStat(at)?.parent;
	}
	return false;
}

function readStat(pid: number): ReturnType<typeof parseStat> {
	try {
		return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return undefined;
	}
}

function linuxStartTime(pid: number): string | undefined {
	const stat = readStat(pid);
	return stat === undefined || stat.state === "Z" || stat.state === "X"
		? undefined
		: `${bootId().slice(0, 8)}:${stat.startTicks}`;
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
