/**
 * Exports the points of devices within a span of event time as CSV: one line per record, numbers as
 * the shortest text that parses back to the same double.
 *
 * Each time is given twice, for people and for programs: as ISO 8601 in UTC, and as ms since 1970.
 * dt (s) and the increment are the record's own: 0 in a first record.
 */
import { type Labels, withUnit } from "../stream/labels.ts";
import type { LiveStore } from "../stream/live-store.ts";

const WIENER_HEAD = "deviceId,seq,time,timestamp,dt,increment,value\r\n";

/**
 * Parts of the file, one per device. Joined into one string they could exceed its maximum length.
 */
export function* csvParts(
	store: LiveStore,
	labels: Labels,
	devices: Iterable<number>,
	fromMs: number,
	toMs: number,
): Generator<string> {
	yield headOf(labels);
	for (const device of devices) {
		const ring = store.paths[device]?.ring;
		if (!ring) continue;
		const name = csvField(store.devices[device]?.deviceId ?? "");
		let part = "";
		for (let i = ring.firstAtOrAfter(fromMs); i < ring.end; i++) {
			const time = ring.time[i] as number;
			if (time > toMs) break;
			part += `${name},${ring.seq[i]},${new Date(time).toISOString()},${time},${ring.dt[i]},${ring.increment[i]},${ring.value[i]}\r\n`;
		}
		yield part;
	}
}

/**
 * The header: the field names of the Wiener records, for programs; for a stream of the user's own,
 * the names and units from its settings.
 */
function headOf(labels: Labels): string {
	if (!labels.named) return WIENER_HEAD;
	const increment = withUnit(labels.increment, labels.incrementUnit);
	const value = withUnit(labels.value, labels.valueUnit);
	return `${csvField(labels.key)},seq,time,timestamp,dt (s),${csvField(increment)},${csvField(value)}\r\n`;
}

/**
 * Quoted if RFC 4180 requires it, and never a formula: a spreadsheet would execute a name that
 * begins like one.
 */
export function csvField(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
