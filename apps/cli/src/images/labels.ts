/** Where an image's source is, for its labels. They are no part of its content: the first build with that content gives them. */
import { execFileSync } from "node:child_process";

export interface SourceLabels {
	/** The commit, with "-dirty" where the tree differs from it. */
	REVISION: string;
	/** The repository's address. */
	SOURCE: string;
}

export function sourceLabels(root: string): SourceLabels {
	const commit = git(root, "rev-parse", "HEAD");
	const dirty = commit !== "" && git(root, "status", "--porcelain") !== "";
	return {
		REVISION: commit === "" ? "unknown" : `${commit}${dirty ? "-dirty" : ""}`,
		SOURCE: publicAddress(git(root, "remote", "get-url", "origin")),
	};
}

/** An http(s) address without the name and password that it may hold; another kind of remote is nobody's business. */
export function publicAddress(remote: string): string {
	try {
		const url = new URL(remote);
		if (!/^https?:$/.test(url.protocol)) return "";
		url.username = "";
		url.password = "";
		return url.href;
	} catch {
		return "";
	}
}

/** Its output; "" where git or the repository is not there. */
function git(root: string, ...args: string[]): string {
	try {
		return execFileSync("git", ["-C", root, ...args], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}).trim();
	} catch {
		return "";
	}
}
