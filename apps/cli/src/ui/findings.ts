/** Findings as text: what was found and, under it, what to do. */
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import type { Finding } from "../preflight/finding.ts";
import { plural } from "./format.ts";

const MARK = { ok: "✓", warning: "!", problem: "✗" } as const;

export const showFinding = (finding: Finding): string => {
	const { check, level, message, fix } = finding;
	const line = `${MARK[level]} ${check}: ${message}`;
	return fix === "" ? line : `${line}\n    -> ${fix}`;
};

const isProblem = ({ level }: Finding): boolean => level === "problem";

/** Prints all findings and their number of problems. Returns the exit code of `doctor`. */
export function reportFindings(findings: readonly Finding[]): CliExit {
	for (const finding of findings) console.log(showFinding(finding));
	const problems = findings.filter(isProblem).length;
	console.log(
		problems === 0 ? "\nAll well." : `\n${plural(problems, "problem")}.`,
	);
	return problems === 0 ? CLI_EXIT.ok : CLI_EXIT.failure;
}

/** Prints the warnings. Throws CliError with all problems, if there are any. */
export function refuseProblems(findings: readonly Finding[]): void {
	for (const finding of findings)
		if (finding.level === "warning") console.error(showFinding(finding));
	const problems = findings.filter(isProblem);
	if (problems.length > 0)
		throw new CliError(
			CLI_EXIT.failure,
			`Not started:\n${problems.map(showFinding).join("\n")}`,
		);
}
