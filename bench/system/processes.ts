/** CPU time and memory of processes, from /proc (Linux). */
import { readFileSync } from "node:fs";

/**
 * Seconds of CPU so far, for all threads. A clock tick is a hundredth of a second on every Linux
 * that Node supports.
 */
export function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
		.replace(/^.*\) /, "")
		.split(" ");
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory, MB (10^6 bytes). */
export function residentMb(pid: number): number {
	const kB = /^VmRSS:\s+(\d+) kB$/m.exec(
		readFileSync(`/proc/${pid}/status`, "utf8"),
	)?.[1];
	return (Number(kB) * 1_024) / 1e6;
}
