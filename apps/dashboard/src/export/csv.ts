/**
 * The points of devices within a span of event time as CSV: one line a record, numbers as the shortest text that parses back to the same double.
 *
 * The times are both for people and for programs: ISO 8601 in UTC, and ms since 1970.
 */
import type { LiveStore } from "../stream/live-store.ts";

const HEAD = "deviceId,seq,time,timestamp,value\r\n";

/** Parts of the file, one a device: joined at once they could be more than a string can hold. */
export function* csvParts(
	store: LiveStore,
	devices: Iterable<number>,
	fromMs: number,
	toMs: number,
): Generator<string> {
	yield HEAD;
	for (const device of devices) {
		const ring = store.paths[device]?.ring;
		if (!ring) continue;
		const name = field(store.devices[device]?.deviceId ?? "");
		let part = "";
		for (let i = ring.firstAtOrAfter(fromMs); i < ring.end; i++) {
			const time = ring.time[i] as number;
			if (time > toMs) break;
			part += `${name},${ring.seq[i]},${new Date(time).toISOString()},${time},${ring.value[i]}\r\n`;
		}
		yield part;
	}
}

/** Quoted where RFC 4180 asks for it, and never a formula: a spreadsheet would run a name that begins like one. */
function field(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
