/**
 * Zooming without a mouse: buttons on the chart, and the same actions by keys while a button has
 * the focus.
 */
import type { KeyboardEvent } from "react";
import type { Figure } from "../chart/figure.ts";
import type { Range } from "../chart/ranges.ts";
import { moved, scaled } from "../chart/zoom.ts";
import type { Zoom } from "../view/view.ts";

const CLOSER = 0.5;
const STEP = 0.2;

export function ZoomButtons({
	zoom,
	figure,
	limit,
	onZoom,
}: {
	zoom: Zoom | undefined;
	figure(): Figure | undefined;
	/** The times with something to show. */
	limit(): Range;
	onZoom(zoom: Zoom | undefined): void;
}) {
	const seen = (): Zoom | undefined => {
		const now = figure();
		return zoom ?? (now && { x: now.x, y: now.y });
	};
	const scale = (factor: number) => {
		const now = seen();
		if (!now) return;
		const next = scaled(now, factor, limit());
		if (next !== now) onZoom(next);
	};
	const move = (right: number, up: number) => {
		const now = seen();
		if (now) onZoom(moved(now, right, up));
	};
	const keys: Record<string, () => void> = {
		"+": () => scale(CLOSER),
		"=": () => scale(CLOSER),
		"-": () => scale(1 / CLOSER),
		"0": () => onZoom(undefined),
		Escape: () => onZoom(undefined),
		ArrowLeft: () => move(-STEP, 0),
		ArrowRight: () => move(STEP, 0),
		ArrowUp: () => move(0, STEP),
		ArrowDown: () => move(0, -STEP),
	};
	const press = (event: KeyboardEvent) => {
		const act = keys[event.key];
		if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		act();
	};
	return (
		<div
			className="zoom"
			role="toolbar"
			aria-label="Zoom; arrow keys move the picture"
			onKeyDown={press}
		>
			<button type="button" aria-label="Zoom in" onClick={() => scale(CLOSER)}>
				+
			</button>
			<button
				type="button"
				aria-label="Zoom out"
				onClick={() => scale(1 / CLOSER)}
			>
				−
			</button>
			{zoom && (
				<button type="button" onClick={() => onZoom(undefined)}>
					Back to live
				</button>
			)}
		</div>
	);
}
