/** Vitest's JSON report: the fields that our scripts read. */
import { relative } from "node:path";

export interface TestReport {
	numTotalTests: number;
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
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
}

const firstLine = (text = "") => text.split("\n", 1)[0];

/** Each failed test, and each file that did not load, with the first line of the reason. */
export function* failures({ testResults }: TestReport): Generator<string> {
	for (const { name, status, message, assertionResults } of testResults) {
		const file = relative(".", name);
		const failed = assertionResults.filter((test) => test.status === "failed");
		for (const { fullName, failureMessages } of failed)
			yield `${file} > ${fullName}: ${firstLine(failureMessages[0])}`;
		if (status === "failed" && failed.length === 0)
			yield `${file}: ${firstLine(message)}`;
	}
}
