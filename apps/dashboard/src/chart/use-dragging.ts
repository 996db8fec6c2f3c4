"use client";
/** Whether a person drags in the chart: from the pointer's going down in it until it is let go, wherever that is. */
import { type RefObject, useEffect, useRef } from "react";

/** onEnd: called after a drag. The caller sets `current` where one begins. */
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
