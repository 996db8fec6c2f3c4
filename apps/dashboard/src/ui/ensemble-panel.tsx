/** What the ensemble's picture says, in words and numbers: its legend, and the picture for whoever cannot see it. */

import { unitOf } from "../ensemble/ensemble.ts";
import { type Judgement, judge } from "../ensemble/judgement.ts";
import { BEYOND_TWO } from "../ensemble/normal.ts";
import type { LiveStream } from "../stream/live-stream.ts";
import { count, percent, signed } from "../view/format.ts";

const WORDS: Record<Judgement, string> = {
	"too few": "Too few increments to judge",
	agrees: "The increments are those of a Wiener process",
	differs: "The increments differ from a Wiener process",
};

export function EnsemblePanel({ stream }: { stream: LiveStream }) {
	const { store } = stream;
	const moments = store.increments.moments();
	const verdict = judge(moments);
	const unit = unitOf(store);
	const few = verdict === "too few";
	return (
		<div className="ensemble">
			<p className="verdict" data-verdict={verdict}>
				{WORDS[verdict]}
			</p>
			<table>
				<caption className="hidden">
					The newest increments against the normal distribution
				</caption>
				<thead>
					<tr>
						<th scope="col">Increments</th>
						<th scope="col">Measured</th>
						<th scope="col">Theory</th>
					</tr>
				</thead>
				<tbody>
					<Fact
						name="Mean"
						measured={few ? "–" : signed(moments.mean, 3)}
						theory="0"
					/>
					<Fact
						name="Deviation"
						measured={few ? "–" : moments.deviation.toFixed(3)}
						theory="1"
					/>
					<Fact
						name="Beyond ±2"
						measured={few ? "–" : percent(moments.beyondTwo)}
						theory={percent(BEYOND_TWO)}
					/>
				</tbody>
			</table>
			<p className="quiet">
				Of the newest {count(moments.count)} increments of all{" "}
				{count(store.devices.length)} devices, each less its drift and divided
				by its deviation.
			</p>
			<dl className="key">
				<dt>
					<span className="key-outer" aria-hidden="true" />
				</dt>
				<dd>95.4 % of the devices</dd>
				<dt>
					<span className="key-inner" aria-hidden="true" />
				</dt>
				<dd>the middle half of them</dd>
				<dt>
					<span className="key-median" aria-hidden="true" />
				</dt>
				<dd>their median</dd>
				<dt>
					<span className="key-theory" aria-hidden="true" />
				</dt>
				<dd>
					{unit.standardised
						? "theory: 0 and ±2 √t; the devices differ in drift or volatility, so each is divided by its own"
						: "theory: drift · t and ± 2 volatility √t"}
				</dd>
			</dl>
		</div>
	);
}

const Fact = (fact: { name: string; measured: string; theory: string }) => (
	<tr>
		<th scope="row">{fact.name}</th>
		<td>{fact.measured}</td>
		<td>{fact.theory}</td>
	</tr>
);
