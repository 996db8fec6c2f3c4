/**
 * Re-renders a component when the stream changed or time passed, but not for each event: at most
 * every intervalMs, and not while hidden. The first change after a quiet interval waits a moment
 * for the rest of its tick, as a tick arrives in several frames, one per partition.
 */
import { systemClock } from "@fireworks/time";
import { useEffect, useState } from "react";
import { FrameClock } from "../chart/frame-clock.ts";
import type { DrawnStream } from "../chart/use-frame-clock.ts";

/** Ages and countdowns change even without events. */
const TIME_PASSES_MS = 500;
const GATHER_MS = 70;

export function usePulse(
	stream: Pick<DrawnStream, "onChange"> | undefined,
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
			clock: systemClock,
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
