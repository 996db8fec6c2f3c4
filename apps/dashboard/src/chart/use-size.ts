/** An element's current size in whole pixels. */
import { type RefObject, useEffect, useState } from "react";
import type { Size } from "./layout.ts";

export function useSize(ref: RefObject<HTMLElement | null>): Size | undefined {
	const [size, setSize] = useState<Size>();
	useEffect(() => {
		if (!ref.current) return;
		const observer = new ResizeObserver(([entry]) => {
			if (!entry) return;
			const { width, height } = entry.contentRect;
			setSize({ width: Math.floor(width), height: Math.floor(height) });
		});
		observer.observe(ref.current);
		return () => observer.disconnect();
	}, [ref]);
	return size;
}
