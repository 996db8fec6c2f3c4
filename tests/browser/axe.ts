/** Runs axe-core on the current page: its serious and critical findings. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(
	createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
	"utf8",
);

interface Violation {
	id: string;
	impact: string;
	nodes: { html: string; failureSummary: string }[];
}

interface Result {
	violations: Violation[];
	/** Number of rules that passed. */
	passes: number;
}

export async function seriousFindings(page: Page): Promise<string[]> {
	// Through the debugger, because the page's policy blocks foreign script elements.
	await page.evaluate(SOURCE);
	const { violations, passes }: Result = await page.evaluate(
		"axe.run(document).then(({ violations, passes }) => ({ violations, passes: passes.length }))",
	);
	if (passes === 0) throw new Error("axe looked at nothing");
	return violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.map(
			({ id, nodes }) =>
				`${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
		);
}
