/**
 * Zooming and moving without a mouse: buttons on the charts, and the same by keys while a button
 * has the focus.
 */
import type { KeyboardEvent } from "react";
import type { StreamTime } from "./use-time.ts";

const CLOSER = 0.5;
const STEP = 0.5;

export function TimeButtons({ time }: { time: StreamTime }) {
	const keys: Record<string, () => void> = {
		"+": () => time.zoom(CLOSER),
		"=": () => time.zoom(CLOSER),
		"-": () => time.zoom(1 / CLOSER),
		"0": time.live,
		Escape: time.live,
		ArrowLeft: () => time.move(-STEP),
		ArrowRight: () => time.move(STEP),
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
			aria-label="Time; arrow keys move it, plus and minus zoom"
			title="Drag in a chart to zoom. Ctrl and the wheel zoom, Shift and the wheel move."
			onKeyDown={press}
		>
			<button
				type="button"
				aria-label="Earlier"
				onClick={() => time.move(-STEP)}
			>
				←
			</button>
			<button type="button" aria-label="Later" onClick={() => time.move(STEP)}>
				→
			</button>
			<button
				type="button"
				aria-label="Zoom in"
				onClick={() => time.zoom(CLOSER)}
			>
				+
			</button>
			<button
				type="button"
				aria-label="Zoom out"
				onClick={() => time.zoom(1 / CLOSER)}
			>
				−
			</button>
			{time.choice.kind === "fixed" && (
				<button type="button" onClick={time.live}>
					Back to live
				</button>
			)}
		</div>
	);
}
