/** What is wrong with the stream's data, and what of it this page does not show. */
import { count } from "../../view/format.ts";
import type { StreamFeed } from "../data/stream-feed.ts";

const REASONS_SHOWN = 5;

const records = (n: number): string =>
	`${count(n)} ${n === 1 ? "record" : "records"}`;

export function StreamProblems({ feed }: { feed: StreamFeed }) {
	const { gapRecords, dropped } = feed.store;
	const { records: reasons = [], ahead } = feed.problems ?? {};
	const aheadCount = ahead?.count ?? 0;
	if (reasons.length + aheadCount + gapRecords + dropped === 0) return null;
	const byCount = reasons.toSorted((a, b) => b.count - a.count);
	const rest = byCount
		.slice(REASONS_SHOWN)
		.reduce((sum, { count: n }) => sum + n, 0);
	return (
		<section className="problems" aria-label="Data problems">
			<h2>Data problems</h2>
			<ul>
				{byCount
					.slice(0, REASONS_SHOWN)
					.map(({ reason, count: n, example }) => (
						<li key={reason}>
							{records(n)} not shown: {reason} (newest: {example})
						</li>
					))}
				{rest > 0 && <li>{records(rest)} more not shown, for other reasons</li>}
				{aheadCount > 0 && (
					<li>
						{records(aheadCount)} set aside: their time lies more than 1 h ahead
						of the clock{ahead?.example && ` (newest: ${ahead.example})`}
					</li>
				)}
				{gapRecords > 0 && (
					<li>
						{records(gapRecords)} skipped, because this page was too slow. Show
						fewer keys.
					</li>
				)}
				{dropped > 0 && (
					<li>
						{records(dropped)} of the oldest dropped: this page holds no more.
						Show fewer keys to see further back.
					</li>
				)}
			</ul>
		</section>
	);
}
