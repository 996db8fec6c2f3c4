/** The frames that carry no events, as the bytes that go out. */
import {
	type DevicesFrame,
	type ErrorCode,
	type ErrorFrame,
	encodeStreamPosition,
	type GapFrame,
	type HelloFrame,
	type PingFrame,
} from "@fireworks/contracts";
import { DEVICES_FRAME_CHARACTERS_MAX } from "../limits.ts";
import type { DeviceEntry } from "../queue/device-table.ts";
import type { Place } from "../queue/place.ts";
import { textFrame } from "./text-frame.ts";

type SmallFrame = HelloFrame | GapFrame | PingFrame | ErrorFrame;
const encode = (frame: SmallFrame): Buffer => textFrame(JSON.stringify(frame));

export const helloFrame = (hello: Omit<HelloFrame, "type">): Buffer =>
	encode({ type: "hello", ...hello });

export const pingFrame = (serverTime: number): Buffer =>
	encode({ type: "ping", serverTime });

export const errorFrame = (code: ErrorCode, message: string): Buffer =>
	encode({ type: "error", code, message });

export const gapFrame = (from: Place, to: Place, count: number): Buffer =>
	encode({
		type: "gap",
		from: encodeStreamPosition(from.next),
		to: encodeStreamPosition(to.next),
		count,
	});

/** The entries, in as many frames as their size needs. */
export function devicesFrames(entries: readonly DeviceEntry[]): Buffer[] {
	const frames: Buffer[] = [];
	let texts: string[] = [];
	let characters = 0;
	const flush = () => {
		if (texts.length === 0) return;
		const type: DevicesFrame["type"] = "devices";
		frames.push(textFrame(`{"type":"${type}","devices":[${texts.join(",")}]}`));
		texts = [];
		characters = 0;
	};
	for (const { index, deviceId, drift, volatility } of entries) {
		const text = JSON.stringify({ index, deviceId, drift, volatility });
		if (characters + text.length > DEVICES_FRAME_CHARACTERS_MAX) flush();
		texts.push(text);
		characters += text.length + 1;
	}
	flush();
	return frames;
}
