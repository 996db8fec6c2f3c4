/**
 * Lists the failures and adds up the suites' reports. The last line is the plain summary. The exit
 * code is 1 if anything failed or a report is missing.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { failures, type TestReport } from "./test-report.ts";

const [folder = ".", ...suites] = process.argv.slice(2);
let passed = 0;
let failed = 0;

for (const line of lines(join(folder, "steps.jsonl"))) {
	const { name, code } = JSON.parse(line);
	if (code === 0) passed++;
	else failed++;
	console.log(`${name}: ${code === 0 ? "passed" : "failed"}`);
}
for (const suite of suites) {
	const file = join(folder, `${suite}.json`);
	if (!existsSync(file)) {
		failed++;
		console.log(`${suite}: did not run to its end`);
		continue;
	}
	const report: TestReport = JSON.parse(readFileSync(file, "utf8"));
	// A file that fails to load has no test that failed.
	const brokenFiles = report.testResults.filter(
		(file) =>
			file.status === "failed" &&
			file.assertionResults.every((test) => test.status !== "failed"),
	).length;
	const none = report.numTotalTests === 0 ? 1 : 0;
	for (const failure of failures(report))
		console.log(`${suite}: failed: ${failure}`);
	passed += report.numPassedTests;
	failed += report.numFailedTests + brokenFiles + none;
	console.log(
		`${suite}: ${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles + none} failed, ${report.numPendingTests} skipped`,
	);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function lines(file: string): string[] {
	return existsSync(file)
		? readFileSync(file, "utf8").trim().split("\n").filter(Boolean)
		: [];
}
