"use client";
/**
 * Lets time move on between events, ten times a second: only the groups that Plotly drew are moved, nothing is drawn anew.
 *
 * Not for whoever prefers reduced motion, not while hidden, and not by less than can be seen.
 */
import { useEffect, useRef } from "react";

const MOVE_INTERVAL_MS = 100;

/** move: called ten times a second while it is on. */
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
