/**
 * Renders a component anew when the stream changed or time passed, but not for each event: at most every intervalMs, and not while hidden.
 * The first change after a quiet spell shows at once.
 */
import { useEffect, useState } from "react";
import { FrameClock } from "../chart/frame-clock.ts";
import type { LiveStream } from "../stream/live-stream.ts";

/** Ages and countdowns move on by themselves. */
const TIME_PASSES_MS = 500;

export function usePulse(
	stream: LiveStream | undefined,
	intervalMs: number,
): void {
	const [, setPulse] = useState(0);
	useEffect(() => {
		if (!stream) return;
		const clock = new FrameClock({
			intervalMs,
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
