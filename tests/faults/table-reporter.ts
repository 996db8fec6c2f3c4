/** A vitest reporter that prints the table of all faults at the end of the run. */
import type { Reporter, TestModule } from "vitest/node";
import { type FaultResult, faultTable } from "./table.ts";

export default class FaultTableReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[]): void {
		const results: FaultResult[] = [];
		for (const module of modules) {
			for (const test of module.children.allTests()) {
				const { fault } = test.meta();
				if (fault !== undefined) results.push(fault);
				else if (!test.ok())
					results.push({
						fault: test.name,
						times: 0,
						recoveredMs: [],
						ticks: 0,
						deadLetters: 0,
						audit: "FAILED",
					});
			}
		}
		if (results.length > 0) process.stdout.write(`\n${faultTable(results)}\n`);
	}
}
