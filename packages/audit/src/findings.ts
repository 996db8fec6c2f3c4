/**
 * The findings of an audit. Their kinds are a closed set. All are counted, and a limited number is
 * kept.
 */
import { shorten } from "./show.ts";

/** Each kind, with its meaning. */
export const FINDING_KINDS = {
	"missing-record": "a tick that was to be applied has no record",
	"duplicated-record": "a tick has more than one record",
	"changed-field": "a record differs from the recomputed one",
	"record-without-tick": "no applied tick leads to this record",
	"out-of-order": "a device's records do not stand in the order of its ticks",
	"wrong-partition":
		"a record does not lie in the partition of its key or source",
	"unreadable-record": "a record cannot be read as what its topic holds",
	"missing-dead-letter": "a refused record has no dead letter",
	"duplicated-dead-letter": "a refused record has more than one dead letter",
	"wrong-dead-letter":
		"a dead letter has another code, key or value than it must",
	"unexpected-dead-letter": "a dead letter for a record that was not refused",
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

export interface Finding {
	readonly kind: FindingKind;
	/** Where to look: the record itself, or the source record if its output is missing. */
	readonly topic: string;
	readonly partition: number;
	readonly offset: number;
	/** null if the record does not name a device. A key longer than any DeviceID is shortened. */
	readonly deviceId: string | null;
	readonly seq: number | null;
	/** The field that differs, for a changed-field or wrong-dead-letter. */
	readonly field?: string;
	readonly expected: string;
	readonly found: string;
}

export class Findings {
	readonly kept: Finding[] = [];
	readonly byKind: Partial<Record<FindingKind, number>> = {};
	total = 0;
	readonly #keptMax: number;

	constructor(keptMax: number) {
		this.#keptMax = keptMax;
	}

	add(finding: Finding): void {
		this.total++;
		this.byKind[finding.kind] = (this.byKind[finding.kind] ?? 0) + 1;
		if (this.kept.length >= this.#keptMax) return;
		const { deviceId } = finding;
		const name = deviceId === null ? null : shorten(deviceId);
		this.kept.push({ ...finding, deviceId: name });
	}
}
