/**
 * The visible points as CSV: a line for each point of a measure. Numbers are the shortest text that
 * parses back to the same double. Each time is given twice, for people and for programs: as ISO
 * 8601 in UTC, and as ms since 1970.
 *
 * Where the lake's history is drawn in buckets, bucketMs is the length of the bucket that the point
 * stands for; a record has none.
 */
import type { Range } from "../../chart/ranges.ts";
import { csvField } from "../../export/csv.ts";
import type { Track } from "../data/track.ts";

export interface CsvLine {
	/** null: records without a key. */
	key: string | null;
	measure: string;
	track: Track;
	/** Of the track's buckets. */
	bucketMs: number | undefined;
}

/** Parts of the file, one for each line. Joined into one string they could exceed its length. */
export function* streamCsv(
	keyName: string,
	lines: Iterable<CsvLine>,
	[from, to]: Range,
): Generator<string> {
	yield `${csvField(keyName)},measure,time,timestamp,value,bucketMs\r\n`;
	for (const { key, measure, track, bucketMs } of lines) {
		const names = `${csvField(key ?? "")},${csvField(measure)}`;
		let part = "";
		for (let i = track.firstAtOrAfter(from); i < track.end; i++) {
			const time = track.time[i] as number;
			if (time > to) break;
			const bucket = track.bucket[i] ? bucketMs : "";
			part += `${names},${new Date(time).toISOString()},${time},${track.value[i]},${bucket}\r\n`;
		}
		yield part;
	}
}
