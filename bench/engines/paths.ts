/**
 * Checks the results of one run: every record is recomputed from the ticks, to the bit, and occurs
 * exactly once.
 */
import {
	parseTick,
	parseWiener,
	type Tick,
	type WienerRecord,
} from "@fireworks/contracts";
import type { LogRecord } from "@fireworks/streams";
import { advance, deviceWords, noise, parseSeed } from "@fireworks/wiener";

const SEED = parseSeed("0");

/**
 * Throws if a record is duplicated, differs in a bit, or has no tick. Returns the number of ticks
 * without a record (so far).
 */
export function checkPaths(
	ticks: readonly LogRecord[],
	records: readonly LogRecord[],
	name: string,
): number {
	const expected = new Map<string, WienerRecord>();
	const last = new Map<string, WienerRecord>();
	for (const { key, value } of ticks) {
		const record = next(parseTick(key, value), last);
		expected.set(`${record.deviceId} ${record.seq}`, record);
	}
	const total = expected.size;
	for (const { value } of records) {
		const found = parseWiener(value);
		const id = `${found?.deviceId} ${found?.seq}`;
		const wanted = expected.get(id);
		if (wanted === undefined || found === undefined)
			throw new Error(`${name}: a record without a tick, or twice: ${id}`);
		for (const field of ["timestamp", "dt", "increment", "value"] as const)
			if (wanted[field] !== found[field])
				throw new Error(
					`${name}: ${field} of ${id} is ${found[field]}, not ${wanted[field]}`,
				);
		expected.delete(id);
	}
	if (records.length + expected.size !== total)
		throw new Error(`${name}: records are missing or doubled`);
	return expected.size;
}

function next(tick: Tick, last: Map<string, WienerRecord>): WienerRecord {
	const { deviceId, seq, timestamp, drift, volatility } = tick;
	const previous = last.get(deviceId);
	const z =
		previous === undefined ? 0 : noise(SEED, deviceWords(deviceId), seq);
	const step = advance(previous, tick, z);
	if (step === undefined) throw new Error("not finite");
	const record = { deviceId, seq, timestamp, ...step, drift, volatility };
	last.set(deviceId, record);
	return record;
}
