/**
 * CPU time and memory of a process with all its descendants (Spark is a JVM under a script), from
 * /proc.
 */
import { readdirSync, readFileSync } from "node:fs";
import { cpuSeconds, residentMb } from "../system/processes.ts";

export interface TreeUse {
	/** Seconds so far, for all threads. */
	cpuSeconds: number;
	/** Resident, MB (10^6 bytes). Memory that processes share is counted for each of them. */
	residentMb: number;
}

/** The pid and its current descendants. */
function processTree(root: number): number[] {
	const children = new Map<number, number[]>();
	for (const entry of readdirSync("/proc")) {
		if (!/^\d+$/.test(entry)) continue;
		const parent = parentOf(Number(entry));
		if (parent !== undefined)
			children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
	}
	const tree = [root];
	for (const pid of tree) tree.push(...(children.get(pid) ?? []));
	return tree;
}

/** Sum over all running processes of the tree. */
export function treeUse(root: number): TreeUse {
	const use: TreeUse = { cpuSeconds: 0, residentMb: 0 };
	for (const pid of processTree(root)) {
		try {
			use.cpuSeconds += cpuSeconds(pid);
			use.residentMb += residentMb(pid) || 0;
		} catch {
			// The process ended meanwhile.
		}
	}
	return use;
}

function parentOf(pid: number): number | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return Number(stat.replace(/^.*\) /, "").split(" ")[1]);
	} catch {
		return undefined;
	}
}
