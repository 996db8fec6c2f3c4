"use client";
/**
 * A chart's frames: a FrameClock that lives as long as the chart. Each change of the stream asks it
 * for a frame.
 */
import { systemClock } from "@fireworks/time";
import { useEffect, useRef } from "react";
import { FrameClock } from "./frame-clock.ts";

const DRAW_INTERVAL_MS = 100;
/**
 * The partitions of a tick arrive in several frames: the middleware sends the first at once, and
 * the others one batch (50 ms) later.
 */
const GATHER_MS = 60;

/** The stream that a chart draws. */
export interface DrawnStream {
	/** Calls the listener after each change, until the returned function is called. */
	onChange(listener: () => void): () => void;
	/** Events that arrived while nothing was drawn are not measured. */
	forgetUnpainted(): void;
	/** A frame is on the screen, and took drawMs. paused: it shows an old state. */
	painted(drawMs: number, paused: boolean): void;
}

export interface Frames {
	stream: DrawnStream;
	paused: boolean;
	draw(): Promise<void>;
	/** True if the newest tick has arrived completely. */
	complete(): boolean;
}

/** Returns the function that asks for a frame. */
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
			clock: systemClock,
			onError: (error) => console.error("the chart was not drawn", error),
		});
		clock.current = frameClock;
		const seen = () => {
			if (document.hidden) latest.current.stream.forgetUnpainted();
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
				if (document.hidden || paused) stream.forgetUnpainted();
				if (!paused) clock.current?.request();
			}),
		[stream],
	);
	return request.current;
}
