/**
 * The points of devices within a span of event time as CSV: one line a record, numbers as the shortest text that parses back to the same double.
 *
 * The times are both for people and for programs: ISO 8601 in UTC, and ms since 1970. dt (s) and the increment are the record's own: 0 at a first one.
 */
import { type Labels, withUnit } from "../stream/labels.ts";
import type { LiveStore } from "../stream/live-store.ts";

const WIENER_HEAD = "deviceId,seq,time,timestamp,dt,increment,value\r\n";

/** Parts of the file, one a device: joined at once they could be more than a string can hold. */
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
		const name = field(store.devices[device]?.deviceId ?? "");
		let part = "";
		for (let i = ring.firstAtOrAfter(fromMs); i < ring.end; i++) {
			const time = ring.time[i] as number;
			if (time > toMs) break;
			part += `${name},${ring.seq[i]},${new Date(time).toISOString()},${time},${ring.dt[i]},${ring.increment[i]},${ring.value[i]}\r\n`;
		}
		yield part;
	}
}

/** The Wiener records' own names for programs; for somebody's own stream the words and units that they chose. */
function headOf(labels: Labels): string {
	if (!labels.told) return WIENER_HEAD;
	const increment = withUnit(labels.increment, labels.incrementUnit);
	const value = withUnit(labels.value, labels.valueUnit);
	return `${field(labels.key)},seq,time,timestamp,dt (s),${field(increment)},${field(value)}\r\n`;
}

/** Quoted where RFC 4180 asks for it, and never a formula: a spreadsheet would run a name that begins like one. */
function field(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
