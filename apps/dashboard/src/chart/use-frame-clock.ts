"use client";
/** A chart's frames: a FrameClock for as long as the chart is there, asked whenever the stream brings something. */
import { useEffect, useRef } from "react";
import type { LiveStream } from "../stream/live-stream.ts";
import { FrameClock } from "./frame-clock.ts";

export const DRAW_INTERVAL_MS = 100;
/** The partitions of a tick come in several frames: the middleware sends the first at once, and the others one batch (50 ms) later. */
const GATHER_MS = 60;

export interface Frames {
	stream: LiveStream;
	paused: boolean;
	draw(): Promise<void>;
	/** The newest tick is there as a whole. */
	complete(): boolean;
}

/** What is needed to ask for a frame. */
export function useFrameClock(frames: Frames): () => void {
	const latest = useRef(frames);
	latest.current = frames;
	const clock = useRef<FrameClock>(undefined);
	const request = useRef(() => clock.current?.request());

	useEffect(() => {
		const frameClock = new FrameClock({
			intervalMs: DRAW_INTERVAL_MS,
			gatherMs: GATHER_MS,
			draw: () => latest.current.draw(),
			complete: () => latest.current.complete(),
			hidden: () => document.hidden,
			nowMs: () => performance.now(),
			after: (delayMs, call) => {
				const timer = setTimeout(call, delayMs);
				return () => clearTimeout(timer);
			},
			onError: (error) => console.error("the chart was not drawn", error),
		});
		clock.current = frameClock;
		const seen = () => {
			if (document.hidden) latest.current.stream.store.forgetUnpainted();
			frameClock.visibilityChanged();
		};
		document.addEventListener("visibilitychange", seen);
		frameClock.request();
		return () => {
			document.removeEventListener("visibilitychange", seen);
			frameClock.stop();
		};
	}, []);

	const { stream } = frames;
	useEffect(
		() =>
			stream.onChange(() => {
				const { paused } = latest.current;
				if (document.hidden || paused) stream.store.forgetUnpainted();
				if (!paused) clock.current?.request();
			}),
		[stream],
	);
	return request.current;
}
