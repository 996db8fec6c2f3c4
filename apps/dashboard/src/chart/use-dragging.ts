"use client";
/**
 * Whether the user drags in the chart: from pressing the pointer in it until releasing it anywhere.
 */
import { type RefObject, useEffect, useRef } from "react";

/** onEnd: called after a drag. The caller sets `current` when a drag begins. */
export function useDragging(onEnd: () => void): RefObject<boolean> {
	const dragging = useRef(false);
	useEffect(() => {
		const up = () => {
			dragging.current = false;
			onEnd();
		};
		for (const name of ["pointerup", "pointercancel"])
			addEventListener(name, up);
		return () => {
			for (const name of ["pointerup", "pointercancel"])
				removeEventListener(name, up);
		};
	}, [onEnd]);
	return dragging;
}
