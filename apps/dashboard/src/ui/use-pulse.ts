/**
 * Renders a component anew when the stream changed or time passed, but not for each event: at most every intervalMs, and not while hidden.
 * The first change after a quiet spell waits a moment for the others of its tick: a tick comes in several frames, one of each partition.
 */
import { useEffect, useState } from "react";
import { FrameClock } from "../chart/frame-clock.ts";
import type { LiveStream } from "../stream/live-stream.ts";

/** Ages and countdowns move on by themselves. */
const TIME_PASSES_MS = 500;
const GATHER_MS = 70;

export function usePulse(
	stream: LiveStream | undefined,
	intervalMs: number,
): void {
	const [, setPulse] = useState(0);
	useEffect(() => {
		if (!stream) return;
		const clock = new FrameClock({
			intervalMs,
			gatherMs: GATHER_MS,
			draw: async () => setPulse((n) => n + 1),
			hidden: () => document.hidden,
			nowMs: () => performance.now(),
			after: (delayMs, call) => {
				const timer = setTimeout(call, delayMs);
				return () => clearTimeout(timer);
			},
			onError: (error) => console.error(error),
		});
		const request = () => clock.request();
		const seen = () => clock.visibilityChanged();
		const stopListening = stream.onChange(request);
		const timer = setInterval(request, TIME_PASSES_MS);
		document.addEventListener("visibilitychange", seen);
		request();
		return () => {
			stopListening();
			clearInterval(timer);
			document.removeEventListener("visibilitychange", seen);
			clock.stop();
		};
	}, [stream, intervalMs]);
}
