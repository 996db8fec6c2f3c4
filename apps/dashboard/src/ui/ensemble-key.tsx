/** The legend of the ensemble's picture. */
import { Fragment } from "react";
import type { Unit } from "../ensemble/unit.ts";
import type { Labels } from "../stream/labels.ts";

export function EnsembleKey({
	unit,
	labels,
}: {
	unit: Unit | undefined;
	labels: Labels;
}) {
	const entries = [
		["key-outer", labels.named ? "95.4 % of them" : "95.4 % of the devices"],
		["key-inner", "the middle half of them"],
		["key-median", "their median"],
	];
	if (unit)
		entries.push([
			"key-theory",
			unit.standardised
				? "theory: 0 and ±2 √t; drift or volatility differ, so each is divided by its own"
				: "theory: drift · t and ± 2 volatility √t",
		]);
	return (
		<dl className="key">
			{entries.map(([mark, words]) => (
				<Fragment key={mark}>
					<dt>
						<span className={mark} aria-hidden="true" />
					</dt>
					<dd>{words}</dd>
				</Fragment>
			))}
		</dl>
	);
}
