/**
 * Shows the exact values of the point under the pointer, and a ring around it. Both follow the
 * point as the chart moves on.
 */
import { Fragment } from "react";
import type { Figure } from "./figure.ts";
import type { Size } from "./layout.ts";
import type { Hovered } from "./nearest.ts";

const CARD_WIDTH_PX = 240;

export function HoverCard({
	hovered,
	figure,
	size,
	facts,
}: {
	hovered: Hovered;
	figure: Pick<Figure, "x" | "y" | "area">;
	size: Size;
	/** What the card says: names and values. */
	facts: readonly (readonly [name: string, value: string])[];
}) {
	const { x, y, area } = figure;
	const left =
		area.left + ((hovered.timeMs - x[0]) / (x[1] - x[0])) * area.width;
	const top = area.top + ((y[1] - hovered.value) / (y[1] - y[0])) * area.height;
	if (left < area.left || left > area.left + area.width) return null;
	const cardLeft =
		left + 14 + CARD_WIDTH_PX > size.width
			? left - 14 - CARD_WIDTH_PX
			: left + 14;
	const cardTop = Math.max(4, Math.min(top - 40, size.height - 110));
	return (
		<>
			<div
				className="hover-ring"
				style={{ transform: `translate(${left}px, ${top}px)` }}
			/>
			<dl
				className="hover-card"
				style={{
					transform: `translate(${Math.max(4, cardLeft)}px, ${cardTop}px)`,
				}}
			>
				{facts.map(([name, value]) => (
					<Fragment key={name}>
						<dt>{name}</dt>
						<dd>
							<bdi>{value}</bdi>
						</dd>
					</Fragment>
				))}
			</dl>
		</>
	);
}
