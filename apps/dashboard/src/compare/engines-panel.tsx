"use client";
/**
 * Two engines in numbers: whether their values agree, how far each is, and how long after a tick
 * its records arrive here.
 */
import type { LiveStream } from "../stream/live-stream.ts";
import { words } from "../ui/connection.tsx";
import { Facts } from "../ui/facts.tsx";
import { usePulse } from "../ui/use-pulse.ts";
import { count, milliseconds, rate } from "../view/format.ts";
import type { Comparer } from "./comparer.ts";
import type { Comparison } from "./comparison.ts";

/** As for the page's other texts. */
const TEXT_INTERVAL_MS = 250;

export default function EnginesPanel({
	comparison,
}: {
	comparison: Comparison;
}) {
	const { streams, comparer } = comparison;
	// The page itself already follows the first stream.
	usePulse(streams[1], TEXT_INTERVAL_MS);
	const now = Date.now();
	const names = streams.map(nameOf);
	const row = (name: string, cells: [string, string]) => [name, ...cells];
	const [a, b] = comparer.sides;
	const ahead = comparer.aheadTicks;
	const behind = (ticks: number) =>
		ahead === undefined ? "–" : count(Math.max(0, ticks));
	const delay = (q: number): [string, string] => [
		milliseconds(a.delayMs.quantile(q)),
		milliseconds(b.delayMs.quantile(q)),
	];
	const [first, second] = streams;
	return (
		<div className="ensemble engines-numbers">
			<Verdict comparer={comparer} names={names} />
			<Facts
				caption="Both engines on the same ticks"
				heads={["Engine", ...names]}
				rows={[
					row("Connection", [words(first.state), words(second.state)]),
					row("Events a second", [
						rate(first.store.rate.perSecond(now)),
						rate(second.store.rate.perSecond(now)),
					]),
					row("Last seq", [seqOf(a.last?.seq), seqOf(b.last?.seq)]),
					row("Ticks behind", [behind(-(ahead ?? 0)), behind(ahead ?? 0)]),
					row("Tick to here, p50", delay(0.5)),
					row("Tick to here, p99", delay(0.99)),
				]}
			/>
			<p className="quiet">
				Tick to here: from event time to receipt of the last 600 frames, by the
				server's clock. Compared is what both have sent while this page was
				open, and what it still holds of the time before.
			</p>
		</div>
	);
}

function Verdict({
	comparer,
	names,
}: {
	comparer: Comparer;
	names: readonly string[];
}) {
	const { compared, different, first } = comparer;
	const verdict =
		compared === 0 ? "too few" : different === 0 ? "agrees" : "differs";
	return (
		<div>
			<p
				className="verdict"
				data-verdict={verdict}
				data-compared={compared}
				data-different={different}
			>
				{compared === 0 && "No record of both yet"}
				{verdict === "agrees" && "Both engines agree, to the last bit"}
				{verdict === "differs" && "The engines differ"}
			</p>
			<p className="quiet">
				{count(compared)} records compared, {count(different)} different
			</p>
			{first && (
				<p className="difference">
					First: {first.deviceId}, seq {first.seq}, {first.field}: {names[0]}{" "}
					{String(first.values[0])}, {names[1]} {String(first.values[1])}
				</p>
			)}
		</div>
	);
}

const seqOf = (seq: number | undefined): string =>
	seq === undefined ? "–" : String(seq);

const nameOf = ({ engine }: LiveStream, i: number): string =>
	engine ?? (i === 0 ? "first" : "second");
