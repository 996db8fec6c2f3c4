/** Findings as text: what is so, and under it what to do. */
import type { Finding } from "../preflight/finding.ts";

const MARK = { ok: "✓", warning: "!", problem: "✗" } as const;

export const showFinding = (finding: Finding): string => {
	const { check, level, message, fix } = finding;
	const line = `${MARK[level]} ${check}: ${message}`;
	return fix === "" ? line : `${line}\n    -> ${fix}`;
};
