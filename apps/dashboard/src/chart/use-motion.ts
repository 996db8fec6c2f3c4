"use client";
/**
 * Moves time on between events, ten times a second. Only the groups that Plotly drew are moved;
 * nothing is redrawn.
 *
 * It stops if the user prefers reduced motion, while the page is hidden, and for movements too
 * small to see.
 */
import { useEffect, useRef } from "react";

const MOVE_INTERVAL_MS = 100;

/** move: called ten times a second while `on` is true. */
export function useMotion(on: boolean, move: () => void): void {
	const latest = useRef(move);
	latest.current = move;
	useEffect(() => {
		if (!on) return;
		const timer = setInterval(() => {
			if (!document.hidden) latest.current();
		}, MOVE_INTERVAL_MS);
		return () => clearInterval(timer);
	}, [on]);
}
