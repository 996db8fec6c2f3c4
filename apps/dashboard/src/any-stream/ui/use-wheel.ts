"use client";
/**
 * The wheel over a chart: with Ctrl or ⌘ it zooms (as pinching on a touchpad does), sideways or
 * with Shift it moves. Alone it scrolls the page.
 */
import { type RefObject, useEffect, useRef } from "react";

/** A wheel that counts in lines moves this far for each. */
const LINE_PX = 16;
/** What the wheel moves at once counts at most this much. */
const STEP_MAX_PX = 200;

export interface WheelMove {
	/** Pixels to the right. */
	across: number;
	/** Pixels down, to zoom out. */
	zoom: number;
}

/** clientX: where the pointer is. */
export function useWheel(
	ref: RefObject<HTMLElement | null>,
	act: (move: WheelMove, clientX: number) => void,
): void {
	const latest = useRef(act);
	latest.current = act;
	useEffect(() => {
		const element = ref.current;
		if (!element) return;
		const turned = (event: WheelEvent) => {
			const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
			const px = (delta: number) =>
				Math.max(-STEP_MAX_PX, Math.min(STEP_MAX_PX, delta * unit));
			const zooms = event.ctrlKey || event.metaKey;
			const sideways = event.deltaX || (event.shiftKey ? event.deltaY : 0);
			if (
				!zooms &&
				Math.abs(sideways) < Math.abs(event.deltaY) &&
				!event.shiftKey
			)
				return;
			event.preventDefault();
			latest.current(
				zooms
					? { across: 0, zoom: px(event.deltaY) }
					: { across: px(sideways), zoom: 0 },
				event.clientX,
			);
		};
		// React's own listener is passive: it could not keep the page from scrolling.
		element.addEventListener("wheel", turned, { passive: false });
		return () => element.removeEventListener("wheel", turned);
	}, [ref]);
}
