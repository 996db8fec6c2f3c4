/** A clean stream with a record to damage, for the tests that add faults to `wiener`. */
import type { LogRecord } from "../src/index.ts";
import { findRecord, logsOf, numbered, run, spoiled, ticks } from "./stream.ts";

export const logs = logsOf(ticks(["a", "b"], 12));
export const victim = findRecord(logs.wiener, "a", 5);
export const at = logs.wiener.indexOf(victim);

/**
 * Runs the audit with a changed wiener topic, renumbered as if the processor had written it that
 * way.
 */
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
