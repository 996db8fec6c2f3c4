/**
 * The newest values of the shown keys: the charts' legend, and the alternative to the charts for
 * users who cannot see them. The cells' data attributes hold the values with all their digits.
 */
import { lineColour, type Theme } from "../../chart/colours.ts";
import { age, instant, value } from "../../view/format.ts";
import type { ShownStream } from "../data/frames.ts";
import { keyName, type ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { measureTitle } from "../view/measures.ts";

/** More rows than this are only counted: choose keys to see them. */
const ROWS_MAX = 100;

export interface NewestTableProps {
	feed: StreamFeed;
	shown: ShownKeys;
	stream: ShownStream;
	measures: readonly string[];
	theme: Theme;
	highlighted: number | undefined;
	highlight(index: number | undefined): void;
}

export function NewestTable(props: NewestTableProps) {
	const { feed, shown, stream, measures } = props;
	const rows = shown.indices.slice(0, ROWS_MAX);
	return (
		<div className="newest">
			<table className="devices">
				<caption className="hidden">The newest record of each key</caption>
				<thead>
					<tr>
						<th scope="col">{stream.key ?? "Key"}</th>
						{measures.map((measure) => (
							<th key={measure} scope="col" className="number">
								{measureTitle(measure, stream.measures[measure] ?? {})}
							</th>
						))}
						<th scope="col" className="number">
							Age
						</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((index) => (
						<Row key={index} index={index} {...props} />
					))}
				</tbody>
			</table>
			{shown.indices.length > rows.length && (
				<p className="quiet">
					{shown.indices.length - rows.length} more rows: choose keys to see
					them.
				</p>
			)}
			{feed.store.keys.length === 0 && (
				<p className="quiet">No record has come yet.</p>
			)}
		</div>
	);
}

function Row({
	index,
	feed,
	shown,
	measures,
	theme,
	highlighted,
	highlight,
}: NewestTableProps & { index: number }) {
	const points = feed.store.pointsOf(index);
	const timeMs = points?.times().at(-1);
	const name = keyName(feed.store.keys[index]?.key ?? null);
	const strong = highlighted === index;
	return (
		<tr data-key={name} data-timestamp={timeMs}>
			<th scope="row">
				<button
					type="button"
					aria-pressed={strong}
					title={name}
					onClick={() => highlight(strong ? undefined : index)}
				>
					<span
						className="swatch"
						aria-hidden="true"
						style={{ background: lineColour(shown.slot(index), theme) }}
					/>
					<bdi className="name">{name}</bdi>
				</button>
			</th>
			{measures.map((measure) => {
				const last = points?.values(measure).at(-1);
				const known = last !== undefined && !Number.isNaN(last);
				return (
					<td
						key={measure}
						className="number"
						data-measure={measure}
						data-value={known ? String(last) : ""}
						title={known ? String(last) : "the newest record has no value"}
					>
						{known ? value(last) : "–"}
					</td>
				);
			})}
			<td
				className="number age"
				title={timeMs === undefined ? undefined : instant(timeMs)}
			>
				{timeMs === undefined ? "–" : age(feed.serverNowMs - timeMs)}
			</td>
		</tr>
	);
}
