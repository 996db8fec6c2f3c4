/** Chooses the measures: each gets a chart of its own. */
import type { ShownStream } from "../data/frames.ts";
import { measureTitle } from "../view/measures.ts";
import { MEASURES_CHOSEN_MAX, type StreamView } from "../view/view.ts";

export function MeasurePicker({
	stream,
	shown,
	change,
}: {
	stream: ShownStream;
	shown: readonly string[];
	change(changed: Partial<StreamView>): void;
}) {
	const all = Object.entries(stream.measures);
	if (all.length < 2) return null;
	const full = shown.length >= MEASURES_CHOSEN_MAX;
	return (
		<>
			<button type="button" popoverTarget="measure-picker">
				Measures ({shown.length} of {all.length})…
			</button>
			<div id="measure-picker" popover="auto" className="picker">
				<fieldset>
					<legend>Measures</legend>
					<ul>
						{all.map(([path, measure]) => {
							const on = shown.includes(path);
							return (
								<li key={path}>
									<label>
										<input
											type="checkbox"
											checked={on}
											// One is always left: a page without a chart is of no use.
											disabled={on ? shown.length === 1 : full}
											onChange={() =>
												change({
													measures: on
														? shown.filter((one) => one !== path)
														: [...shown, path],
												})
											}
										/>
										<bdi>{measureTitle(path, measure)}</bdi>
									</label>
								</li>
							);
						})}
					</ul>
				</fieldset>
				<p className="quiet">
					{shown.length} chosen, at most {MEASURES_CHOSEN_MAX}.
				</p>
			</div>
		</>
	);
}
