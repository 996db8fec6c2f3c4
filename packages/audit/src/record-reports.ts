/** The findings about one device's records, and the comparison that produces most of them. */
import type { PartitionContext } from "./context.ts";
import type { FindingKind } from "./findings.ts";
import type { Found, PathNumbers } from "./path-record.ts";
import { showDouble, showText } from "./show.ts";

const COMPARED = [
	"timestamp",
	"dt",
	"increment",
	"value",
	"drift",
	"volatility",
] as const satisfies (keyof PathNumbers)[];

export class RecordReports {
	readonly #deviceId: string;
	readonly #context: PartitionContext;

	constructor(deviceId: string, context: PartitionContext) {
		this.#deviceId = deviceId;
		this.#context = context;
	}

	/**
	 * Reports each field that differs. Doubles are compared as numbers, so -0 equals 0; neither
	 * side contains NaN.
	 */
	compare(expected: PathNumbers, found: Found): void {
		for (const field of COMPARED) {
			if (expected[field] === found[field]) continue;
			const [is, was] = [showDouble(expected[field]), showDouble(found[field])];
			this.#add("changed-field", found, is, was, field);
		}
		if (expected.timestamp !== found.recordTimestamp) {
			const [is, was] = [`${expected.timestamp}`, `${found.recordTimestamp}`];
			this.#add("changed-field", found, is, was, "record timestamp");
		}
		if (found.deviceId !== this.#deviceId) {
			const [is, was] = [showText(this.#deviceId), showText(found.deviceId)];
			this.#add("changed-field", found, is, was, "deviceId");
		}
	}

	/** value: the value that the record should have, if it is known. */
	missing(
		{ offset, seq }: { readonly offset: number; readonly seq: number },
		value?: number,
	): void {
		const { findings, topics, range } = this.#context;
		findings.add({
			kind: "missing-record",
			topic: topics.metronome,
			partition: range.partition,
			offset,
			deviceId: this.#deviceId,
			seq,
			expected:
				value === undefined
					? "a record"
					: `a record with value ${showDouble(value)}`,
			found: "none",
		});
	}

	duplicated(found: Found): void {
		this.#add("duplicated-record", found, "one record", "another one");
	}

	outOfOrder(
		found: Found,
		neighbourSeq: number,
		neighbourOffset: number,
	): void {
		const expected = `the order of the ticks, next to seq ${neighbourSeq} at offset ${neighbourOffset}`;
		this.#add("out-of-order", found, expected, `seq ${found.seq}`);
	}

	/** newestSeq: the newest of the device's applied ticks; -1 if it has none. */
	noTick(found: Found, newestSeq: number): void {
		const newest = newestSeq < 0 ? "none" : `the newest has seq ${newestSeq}`;
		const expected = `an applied tick; of this device, ${newest}`;
		this.#add("record-without-tick", found, expected, `seq ${found.seq}`);
	}

	#add(
		kind: FindingKind,
		{ offset, seq }: Found,
		expected: string,
		found: string,
		field?: string,
	): void {
		const { findings, topics, range } = this.#context;
		findings.add({
			kind,
			topic: topics.wiener,
			partition: range.partition,
			offset,
			deviceId: this.#deviceId,
			seq,
			...(field === undefined ? {} : { field }),
			expected,
			found,
		});
	}
}
