/**
 * What is wrong with the stream's data: which records are left out, and which devices are refused.
 */
import type { LiveStream } from "../stream/live-stream.ts";
import { count, instant } from "../view/format.ts";

/** More would hide the picture; the others are only counted. */
const DEVICES_SHOWN = 3;
const REASONS_SHOWN = 3;

type ProblemsFrame = NonNullable<LiveStream["problems"]>;

export function Problems({ stream }: { stream: LiveStream | undefined }) {
	const problems = stream?.problems;
	if (!problems) return null;
	const { records, refused, refusedDevices } = problems;
	if (records.length === 0 && refusedDevices === 0) return null;
	const named = refused.slice(-DEVICES_SHOWN).reverse();
	const byCount = records.toSorted((a, b) => b.count - a.count);
	const frequent = byCount.slice(0, REASONS_SHOWN);
	const rest = byCount
		.slice(REASONS_SHOWN)
		.reduce((sum, { count: n }) => sum + n, 0);
	const others = refusedDevices - named.length;
	return (
		<section className="problems" aria-label="Data problems">
			<h2>Data problems</h2>
			<ul>
				{named.map((device) => (
					<li key={device.deviceId}>{refusedText(device)}</li>
				))}
				{others > 0 && (
					<li>
						{count(others)} more {others === 1 ? "device is" : "devices are"}{" "}
						refused on every record
					</li>
				)}
				{frequent.map(({ reason, count: n, example }) => (
					<li key={reason} title={example}>
						{count(n)} {n === 1 ? "record" : "records"}: {reason} (newest:{" "}
						{example})
					</li>
				))}
				{rest > 0 && (
					<li>
						{count(rest)} more {rest === 1 ? "record" : "records"} for other
						reasons, which the middleware's metrics name
					</li>
				)}
			</ul>
		</section>
	);
}

/**
 * For example: device-0001: refused on every record since 12:01 (time-not-increasing), newest
 * accepted time 2036-02-12 00:00:00.
 */
function refusedText({
	deviceId,
	since,
	code,
	acceptedMs,
}: ProblemsFrame["refused"][number]): string {
	const newest =
		acceptedMs === null
			? ""
			: `, newest accepted time ${instant(acceptedMs).slice(0, 19)}`;
	return `${deviceId}: refused on every record since ${instant(since).slice(0, 19)} (${code})${newest}`;
}
