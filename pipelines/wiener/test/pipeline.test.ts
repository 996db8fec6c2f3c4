import { encodeWiener } from "@fireworks/contracts";
import { recordDecoder, validatorOf } from "@fireworks/pipeline";
import { expect, test } from "vitest";
import pipeline, { metronome, wiener } from "../pipeline.ts";

const read = (
	{ description }: typeof wiener | typeof metronome,
	text: string,
) =>
	recordDecoder(description, {
		validate: validatorOf(description.schema),
	}).bytes(Buffer.from(text), 0);

test("the example's own records are read by its definition", () => {
	expect(pipeline.streams.map((s) => s.name)).toEqual(["metronome", "wiener"]);
	const text = encodeWiener('"device-0001"', {
		...{ seq: 17, timestamp: 1_767_225_617_000, dt: 1 },
		...{ increment: -1.25, value: 3.25, drift: 0, volatility: 1 },
	});
	expect(read(wiener, text).record).toMatchObject({
		key: "device-0001",
		time: 1_767_225_617_000,
		measures: [3.25, -1.25],
	});
	const tick =
		'{"deviceId":"device-0001","seq":17,"timestamp":1767225617000,"drift":0,"volatility":1}';
	expect(read(metronome, tick).record).toMatchObject({
		key: "device-0001",
		time: 1_767_225_617_000,
		measures: [0, 1],
	});
});
