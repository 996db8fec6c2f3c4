/**
 * The contract of the port (src/log.ts): what the stage runtime and the sources rely on, as tests
 * that run on every implementation.
 *
 * The suite uses only the port. Open and aborted transactions arise as they do in production: one
 * of a transaction's records is rejected, and a new holder of the identity comes later.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { groupContract } from "./groups.ts";
import type { LogUnderTest } from "./log-under-test.ts";
import { readerContract, recordContract, topicContract } from "./records.ts";
import { abortedContract, transactionContract } from "./transactions.ts";

/** Registers the tests. open: called once, before the first test. */
export function logContract(
	name: string,
	open: () => Promise<LogUnderTest>,
): void {
	describe(`the log's contract: ${name}`, () => {
		let opened: LogUnderTest | undefined;
		const use = (): LogUnderTest => {
			if (opened === undefined) throw new Error("the log is not open");
			return opened;
		};
		beforeAll(async () => {
			opened = await open();
		});
		afterAll(async () => {
			await opened?.close();
		});
		describe("topics", () => topicContract(use));
		describe("records", () => recordContract(use));
		describe("readers", () => readerContract(use));
		describe("transactions", () => transactionContract(use));
		describe("aborted transactions", () => abortedContract(use));
		describe("group members", () => groupContract(use));
	});
}
