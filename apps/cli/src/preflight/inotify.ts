/** inotify limits of this kernel: kubelet, containerd and kube-proxy watch many files, and say "too many open files" where they may not. */
import { readFileSync } from "node:fs";
import { type Finding, ok, warning } from "./finding.ts";

const FOLDER = "/proc/sys/fs/inotify";
/** What kind's own documents ask for (several nodes); one node works with a quarter. */
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

/** Nothing where the kernel does not tell: macOS, whose Docker has its own. */
export const checkInotify = (nodes: number): Finding[] =>
	(Object.keys(GOOD) as (keyof typeof GOOD)[]).flatMap((name) => {
		try {
			const value = Number(readFileSync(`${FOLDER}/${name}`, "utf8"));
			return [judgeInotify(name, value, nodes)];
		} catch {
			return [];
		}
	});
