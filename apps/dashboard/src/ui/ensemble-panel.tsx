/**
 * The ensemble's picture in words and numbers: its legend, and the alternative to the picture for
 * users who cannot see it.
 */

import { type Judgement, judge } from "../ensemble/judgement.ts";
import { BEYOND_TWO } from "../ensemble/normal.ts";
import { unitOf, withoutTheory } from "../ensemble/unit.ts";
import type { Moments } from "../stream/increments.ts";
import { type Labels, withUnit } from "../stream/labels.ts";
import type { LiveStream } from "../stream/live-stream.ts";
import { count, percent, signed, value } from "../view/format.ts";
import { EnsembleKey } from "./ensemble-key.tsx";
import { Facts } from "./facts.tsx";

const WORDS: Record<Judgement, string> = {
	"too few": "Too few increments to judge",
	agrees: "The increments are those of a Wiener process",
	differs: "The increments differ from a Wiener process",
};

export function EnsemblePanel({ stream }: { stream: LiveStream }) {
	const { store, labels } = stream;
	const unit = unitOf(store.devices);
	return (
		<div className="ensemble">
			{unit || store.devices.length === 0 ? (
				<AgainstTheory stream={stream} />
			) : (
				<AsMeasured stream={stream} />
			)}
			<EnsembleKey unit={unit} labels={labels} />
		</div>
	);
}

function AgainstTheory({ stream }: { stream: LiveStream }) {
	const { store, labels } = stream;
	const moments = store.increments.standardised.moments();
	const verdict = judge(moments);
	const few = verdict === "too few";
	const out = withoutTheory(store.devices);
	return (
		<>
			<p className="verdict" data-verdict={verdict}>
				{WORDS[verdict]}
			</p>
			<Facts
				caption="The newest increments against the normal distribution"
				heads={["Increments", "Measured", "Theory"]}
				rows={[
					["Mean", few ? "–" : signed(moments.mean, 3), "0"],
					["Deviation", few ? "–" : moments.deviation.toFixed(3), "1"],
					[
						"Beyond ±2",
						few ? "–" : percent(moments.beyondTwo),
						percent(BEYOND_TWO),
					],
				]}
			/>
			<p className="quiet">
				Of the newest {count(moments.count)} increments of all{" "}
				{all(stream, store.devices.length - out)}, each less its drift and
				divided by its deviation.
				{out > 0 &&
					` ${count(out)} without a volatility ${out === 1 ? "is" : "are"} left out: there is no theory for ${out === 1 ? "it" : "them"}.`}
			</p>
			{labels.named && (
				<p className="quiet">
					Theory: a Wiener process with the drift and volatility that the
					records give.
				</p>
			)}
		</>
	);
}

/** The measured values alone, for a stream without a theory. */
function AsMeasured({ stream }: { stream: LiveStream }) {
	const { store, labels } = stream;
	const moments = store.increments.plain.moments();
	return (
		<>
			<p className="verdict" data-verdict="no theory">
				As measured: there is no theory for this stream
			</p>
			<Facts
				caption="The newest increments"
				heads={[withUnit(labels.increment, labels.incrementUnit), "Measured"]}
				rows={factsOf(moments)}
			/>
			<p className="quiet">
				Of the newest {count(moments.count)} changes of all{" "}
				{all(stream, store.devices.length)}. The records have no volatility (or
				0), so there is no envelope or normal curve: the picture has only
				quantiles and a histogram.
			</p>
		</>
	);
}

const factsOf = (moments: Moments): string[][] =>
	(
		[
			["Mean", moments.mean],
			["Deviation", moments.deviation],
			["Least", moments.least],
			["Greatest", moments.greatest],
		] as const
	).map(([name, x]) => [name, moments.count > 0 ? value(x) : "–"]);

const all = ({ labels }: { labels: Labels }, n: number): string =>
	`${count(n)} ${labels.named ? `(${labels.key})` : "devices"}`;
