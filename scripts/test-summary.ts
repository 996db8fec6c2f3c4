/** Names what failed and adds up the suites' reports; ends with the one plain line, and with 1 where anything failed or a report is missing. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

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
	const report = JSON.parse(readFileSync(file, "utf8"));
	// A file that fails to load has no test that failed.
	const brokenFiles = report.testResults.filter(
		(file: { status: string; assertionResults: { status: string }[] }) =>
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

/** Each failed test, or file that did not load, with the first line of why: the end of a long log tells enough. */
function* failures(report: {
	testResults: {
		name: string;
		status: string;
		message: string;
		assertionResults: {
			status: string;
			fullName: string;
			failureMessages: string[];
		}[];
	}[];
}): Generator<string> {
	const firstLine = (text = "") => text.split("\n", 1)[0];
	for (const {
		name,
		status,
		message,
		assertionResults,
	} of report.testResults) {
		const file = relative(".", name);
		const failed = assertionResults.filter((test) => test.status === "failed");
		for (const { fullName, failureMessages } of failed)
			yield `${file} > ${fullName}: ${firstLine(failureMessages[0])}`;
		if (status === "failed" && failed.length === 0)
			yield `${file}: ${firstLine(message)}`;
	}
}

function lines(file: string): string[] {
	return existsSync(file)
		? readFileSync(file, "utf8").trim().split("\n").filter(Boolean)
		: [];
}
