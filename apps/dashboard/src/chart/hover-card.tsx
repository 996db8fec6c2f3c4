/** The exact values of the point under the pointer, and a ring around it; both stay with the point while the chart moves on. */
import type { Labels } from "../stream/labels.ts";
import { instant } from "../view/format.ts";
import type { Figure } from "./figure.ts";
import type { Size } from "./layout.ts";
import type { Hovered } from "./nearest.ts";

const CARD_WIDTH_PX = 240;

export function HoverCard({
	hovered,
	figure,
	size,
	deviceId,
	labels,
}: {
	hovered: Hovered;
	figure: Figure;
	size: Size;
	deviceId: string;
	labels: Labels;
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
				<dt>{labels.key}</dt>
				<dd>{deviceId}</dd>
				<dt>{labels.value}</dt>
				<dd>
					{String(hovered.value)} {labels.valueUnit}
				</dd>
				<dt>Seq</dt>
				<dd>{hovered.seq}</dd>
				<dt>Time</dt>
				<dd>{instant(hovered.timeMs)}</dd>
			</dl>
		</>
	);
}
