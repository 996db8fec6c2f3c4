/** The result of an audit as text for the terminal. */
import type { AuditResult } from "./audit.ts";
import { FINDING_KINDS, type Finding, type FindingKind } from "./findings.ts";
import { describeRefused } from "./refused-devices.ts";

/** At most this many devices that are refused on every tick are listed. */
const REFUSED_SHOWN_MAX = 10;

export function auditReport({
	clean,
	counts,
	findings,
	findingsTotal,
	findingsByKind,
	refusedDevices,
	refusedDevicesTotal,
}: AuditResult): string[] {
	const refused = Object.entries(counts.refused).filter(([, n]) => n > 0);
	const seen = [
		`${counts.ticks} ticks of ${counts.devices} devices: ${counts.applied} applied, ${counts.repeats} repeats, ${counts.jumps} jumps over ${counts.seqsSkipped} seqs`,
		`${counts.records} Wiener records (${counts.recordsBeyondEnd} later than the audited end), ${counts.deadLetters} dead letters`,
		...(refused.length > 0
			? [`refused: ${refused.map(([code, n]) => `${n} ${code}`).join(", ")}`]
			: []),
		...(counts.resets > 0
			? [`${counts.resets} resets, each of which begins a new path`]
			: []),
		...refusedDevices.slice(0, REFUSED_SHOWN_MAX).map(describeRefused),
		...(refusedDevicesTotal > REFUSED_SHOWN_MAX
			? [
					`… and ${refusedDevicesTotal - REFUSED_SHOWN_MAX} more devices are refused on every tick`,
				]
			: []),
		...(counts.baselines > 0
			? [
					`${counts.baselines} paths begin at a record, as retention has removed their start`,
				]
			: []),
		...(counts.recordsRemoved > 0
			? [`${counts.recordsRemoved} records were removed by retention`]
			: []),
	];
	if (clean) {
		return [
			counts.ticks === 0
				? "Nothing to audit: there are no ticks yet."
				: "Clean: every tick has its one outcome, bit for bit.",
			...seen.map(indent),
		];
	}
	const kinds = Object.entries(findingsByKind).map(
		([kind, n]) => `${n} ${kind}: ${FINDING_KINDS[kind as FindingKind]}`,
	);
	const more = findingsTotal - findings.length;
	return [
		`${findingsTotal} finding${findingsTotal === 1 ? "" : "s"}.`,
		...kinds.map(indent),
		...findings.map(findingLine),
		...(more > 0 ? [`… and ${more} more`] : []),
		...seen.map(indent),
	];
}

const findingLine = (f: Finding): string =>
	[
		`${f.kind} at ${f.topic}/${f.partition} offset ${f.offset}`,
		...(f.deviceId === null ? [] : [`device ${f.deviceId}`]),
		...(f.seq === null ? [] : [`seq ${f.seq}`]),
		...(f.field === undefined ? [] : [f.field]),
		`expected ${f.expected}, found ${f.found}`,
	].join(", ");

const indent = (line: string) => `  ${line}`;
