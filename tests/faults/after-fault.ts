/** What must hold after any fault: audit clean, all read and recomputed, no lag, health good, every service stopped in order. */
import { EXIT } from "@fireworks/contracts";
import { expect } from "vitest";
import { auditStream, type TestAudit } from "../harness/audit-topics.ts";
import type { Service } from "../harness/service.ts";
import { waitFor } from "../harness/wait-for.ts";
import type { FaultRun } from "./fault-run.ts";

const SETTLE_MAX_MS = 60_000;

/** services: all that were started, ended ones too. Returns what the audit has counted. */
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
	for (const service of left) {
		const health = await Promise.all(
			["/livez", "/readyz"].map((path) => service.get(path)),
		);
		expect([service.name, ...health.map((h) => h.status)]).toEqual([
			service.name,
			200,
			200,
		]);
		expect(await service.stop()).toBe(0);
	}
	for (const service of alive) expect(service.otherLines).toEqual([]);
	for (const { name, exit } of services) {
		// A service that gave up by itself has survived nothing, however well its successor did.
		expect([name, (await exit).code]).not.toEqual([name, EXIT.failure]);
	}
	run.assertSound();
	return counts;
}

/** The concurrent reader has seen a record for every tick. It may know more ticks: the last transaction may have ended after the audit asked for the ends. */
const readerAtEnd = (run: FaultRun, applied: number) =>
	waitFor(
		"the concurrent reader to have seen a record for every tick",
		() => {
			run.assertSound();
			const { counts, outstanding } = run.checker;
			return counts.ticks >= applied && outstanding === 0;
		},
		SETTLE_MAX_MS,
	);

const noLag = (processors: readonly Service[]) =>
	waitFor("the lag to be zero", async () => {
		const lags = await Promise.all(
			processors.map((p) => p.metric("fireworks_stage_lag_records")),
		);
		if (lags.some((lag) => lag !== 0)) throw new Error(lags.join(", "));
		return true;
	});
