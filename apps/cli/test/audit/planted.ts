/** A clean stream with a record to do harm to, for the tests that plant faults in `wiener`. */
import type { LogRecord } from "../../src/audit/index.ts";
import { findRecord, logsOf, numbered, run, spoiled, ticks } from "./stream.ts";

export const logs = logsOf(ticks(["a", "b"], 12));
export const victim = findRecord(logs.wiener, "a", 5);
export const at = logs.wiener.indexOf(victim);

/** Runs with the wiener topic changed, numbered anew as if the processor had written it so. */
export const runWith = (
	change: (records: LogRecord[]) => LogRecord[],
	setup: Parameters<typeof run>[1] = {},
) =>
	run(
		spoiled(logs, "wiener", (records) => numbered(change(records))),
		setup,
	);
export const replaced = (record: LogRecord) => (records: LogRecord[]) =>
	records.with(at, record);
