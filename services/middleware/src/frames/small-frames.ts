/** The frames that carry no events, as bytes ready to send; most are the same in both protocols. */
import {
	type ErrorFrame,
	encodeStreamPosition,
	type GapFrame,
	type HelloFrame,
	type PingFrame,
	type ProblemsFrame,
	type StreamErrorCode,
	type StreamHelloFrame,
	type StreamProblemsFrame,
	type StreamsFrame,
} from "@fireworks/contracts";
import { DEVICES_FRAME_CHARACTERS_MAX } from "../limits.ts";
import type { Place } from "../queue/place.ts";
import { textFrame } from "./text-frame.ts";

type SmallFrame =
	| HelloFrame
	| StreamHelloFrame
	| StreamsFrame
	| GapFrame
	| PingFrame
	| ErrorFrame
	| ProblemsFrame
	| StreamProblemsFrame;
export const smallFrame = (frame: SmallFrame): Buffer =>
	textFrame(JSON.stringify(frame));

export const pingFrame = (serverTime: number): Buffer =>
	smallFrame({ type: "ping", serverTime });

export const errorFrame = (code: StreamErrorCode, message: string): Buffer =>
	smallFrame({ type: "error", code, message });

/** stream: the queue's tag. */
export const gapFrame = (
	from: Place,
	to: Place,
	count: number,
	stream: string,
): Buffer =>
	smallFrame({
		type: "gap",
		from: encodeStreamPosition(from.next, stream),
		to: encodeStreamPosition(to.next, stream),
		count,
	});

/** The devices or keys, in as many frames as their size needs. field: the list's name and type. */
export function listFrames(
	field: "devices" | "keys",
	entries: readonly object[],
): Buffer[] {
	const frames: Buffer[] = [];
	let texts: string[] = [];
	let characters = 0;
	const flush = () => {
		if (texts.length === 0) return;
		frames.push(
			textFrame(`{"type":"${field}","${field}":[${texts.join(",")}]}`),
		);
		texts = [];
		characters = 0;
	};
	for (const entry of entries) {
		const text = JSON.stringify(entry);
		if (characters + text.length > DEVICES_FRAME_CHARACTERS_MAX) flush();
		texts.push(text);
		characters += text.length + 1;
	}
	flush();
	return frames;
}
