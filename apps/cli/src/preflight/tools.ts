/**
 * Checks that kind and helm are installed, in versions that work. kubectl is only for people: the
 * CLI does not need it.
 */
import { tryTool } from "../run-tool.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const TIMEOUT_MS = 20_000;

interface Tool {
	name: string;
	args: readonly string[];
	/** Finds the version in the tool's output. */
	pattern: RegExp;
	/** Minimum version: [major, minor]. */
	least: readonly [number, number];
	fix: string;
	/** The tool is only a convenience. */
	optional?: true;
}

export const KIND: Tool = {
	name: "kind",
	args: ["version"],
	pattern: /v(\d+)\.(\d+)\.\d+/,
	least: [0, 24],
	fix: "Install kind 0.30 (https://kind.sigs.k8s.io), or run `sh bootstrap.sh`, whose devcontainer has it",
};
export const HELM: Tool = {
	name: "helm",
	args: ["version", "--short"],
	pattern: /v(\d+)\.(\d+)\.\d+/,
	least: [3, 14],
	fix: "Install Helm 3.19 (https://helm.sh/docs/intro/install/), or run `sh bootstrap.sh`, whose devcontainer has it",
};
export const KUBECTL: Tool = {
	name: "kubectl",
	args: ["version", "--client"],
	pattern: /Client Version: v(\d+)\.(\d+)\.\d+/,
	least: [1, 28],
	fix: "Nothing here needs it; to look around: https://kubernetes.io/docs/tasks/tools/",
	optional: true,
};

export async function checkTool(tool: Tool): Promise<Finding> {
	const bad = tool.optional ? warning : problem;
	try {
		const { stdout, stderr } = await tryTool(tool.name, tool.args, {
			timeoutMs: TIMEOUT_MS,
		});
		return judgeVersion(tool, stdout + stderr);
	} catch {
		return bad(tool.name, "not installed, or not in PATH", tool.fix);
	}
}

export function judgeVersion(tool: Tool, printed: string): Finding {
	const bad = tool.optional ? warning : problem;
	const found = tool.pattern.exec(printed);
	if (!found) return bad(tool.name, "does not tell its version", tool.fix);
	const [major, minor] = [Number(found[1]), Number(found[2])];
	const [leastMajor, leastMinor] = tool.least;
	const old =
		major < leastMajor || (major === leastMajor && minor < leastMinor);
	const version = found[0].replace("Client Version: ", "");
	return old
		? bad(
				tool.name,
				`${version} is older than ${tool.least.join(".")}`,
				tool.fix,
			)
		: ok(tool.name, version);
}
