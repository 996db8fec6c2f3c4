/**
 * What must hold after any fault: audit clean, all records read and recomputed, no lag, every
 * service healthy and stopped normally.
 */
import { EXIT } from "@fireworks/contracts";
import { expect } from "vitest";
import { auditStream, type TestAudit } from "../harness/audit-topics.ts";
import type { Service } from "../harness/service.ts";
import { waitForValue } from "../harness/wait-for.ts";
import type { FaultRun } from "./fault-run.ts";

const SETTLE_MAX_MS = 180_000;

/** services: all that were started, including those that have ended. Returns the audit's counts. */
export async function afterFault(
	run: FaultRun,
	services: readonly Service[],
): Promise<TestAudit["counts"]> {
	run.assertSound();
	const alive = services.filter((s) => !s.ended);
	for (const service of alive) await service.ready(SETTLE_MAX_MS);
	for (const service of alive)
		if (service.name === "metronome") expect(await service.stop()).toBe(0);
	const { findings, counts } = await auditStream(run.log, run.stream.settings);
	expect(findings).toEqual([]);
	expect(counts.applied).toBeGreaterThan(0);
	await readerAtEnd(run, counts.applied);
	const left = alive.filter((s) => !s.ended);
	await noLag(left.filter((s) => s.name === "processor"));
	// Check all services before stopping any: the others take over the partitions of a stopped one,
	// and are not ready meanwhile.
	for (const service of left) {
		await service.ready(SETTLE_MAX_MS);
		expect([service.name, (await service.get("/livez")).status]).toEqual([
			service.name,
			200,
		]);
	}
	for (const service of left) expect(await service.stop()).toBe(0);
	for (const service of alive) expect(service.otherLines).toEqual([]);
	for (const { name, exit } of services) {
		// A service that gave up by itself did not survive the fault, however well its successor
		// worked.
		expect([name, (await exit).code]).not.toEqual([name, EXIT.failure]);
	}
	run.assertSound();
	return counts;
}

/**
 * Checks that the concurrent reader has seen a record for every tick. It may know more ticks than
 * the audit, because the last transaction may have ended after the audit asked for the ends.
 */
const readerAtEnd = (run: FaultRun, applied: number) =>
	waitForValue(
		"the concurrent reader to have seen a record for every tick",
		() => {
			run.assertSound();
			const { counts, outstanding } = run.checker;
			return { ticks: counts.ticks, applied, outstanding };
		},
		({ ticks, outstanding }) => ticks >= applied && outstanding === 0,
		SETTLE_MAX_MS,
	);

const noLag = (processors: readonly Service[]) =>
	waitForValue(
		"the lag to be zero",
		() =>
			Promise.all(
				processors.map((p) => p.metric("fireworks_stage_lag_records")),
			),
		(lags) => lags.every((lag) => lag === 0),
	);
