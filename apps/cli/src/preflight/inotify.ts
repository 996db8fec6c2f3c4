/**
 * Checks this kernel's inotify limits. kubelet, containerd and kube-proxy watch many files, and
 * report "too many open files" if the limits are too low.
 */
import { readFileSync } from "node:fs";
import { type Finding, ok, warning } from "./finding.ts";

const FOLDER = "/proc/sys/fs/inotify";
/** What kind's documentation asks for (several nodes). One node works with a quarter of it. */
const GOOD = { max_user_instances: 512, max_user_watches: 524_288 } as const;

export function judgeInotify(
	name: keyof typeof GOOD,
	value: number,
	nodes: number,
): Finding {
	const needed = nodes > 1 ? GOOD[name] : GOOD[name] / 4;
	const message = `fs.inotify.${name}=${value}`;
	return value >= needed
		? ok("inotify", message)
		: warning(
				"inotify",
				`${message}, and ${nodes > 1 ? `${nodes} nodes` : "a kind node"} may need ${needed}`,
				`sudo sysctl fs.inotify.${name}=${GOOD[name]}`,
			);
}

/** Empty if the kernel does not report limits, as on macOS, where Docker has its own kernel. */
export const checkInotify = (nodes: number): Finding[] =>
	(Object.keys(GOOD) as (keyof typeof GOOD)[]).flatMap((name) => {
		try {
			const value = Number(readFileSync(`${FOLDER}/${name}`, "utf8"));
			return [judgeInotify(name, value, nodes)];
		} catch {
			return [];
		}
	});
