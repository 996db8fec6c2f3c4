import { type ServerFrame, serverFrameSchema } from "@fireworks/contracts";
import { expect, it } from "vitest";
import { parseFrame } from "../src/parse-frame.ts";
import { batch, devices, hello } from "./frames.ts";
import { rejectsAsTheSchemaDoes } from "./rejects.ts";

const FRAMES: ServerFrame[] = [
	hello(1),
	devices("a", "b"),
	batch("v1.1", 2, [0, 1], [3, 4]),
	{ ...batch("v1.1", 2, [], []), type: "snapshot" },
	{ type: "gap", from: "v1.1", to: "v1.2", count: 1 },
	{ type: "ping", serverTime: 5 },
	{
		type: "problems",
		records: [{ reason: "no JSON", count: 2, example: "offset 7" }],
		refused: [
			{
				deviceId: "a",
				code: "time-not-increasing",
				count: 3,
				since: 5,
				acceptedMs: null,
			},
		],
		refusedDevices: 1,
	},
	{ type: "error", code: "full", message: "10 clients" },
];

it.each(FRAMES)("takes a $type frame as it is", (frame) => {
	expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
});

it("rejects what the schemas of packages/contracts reject, for any single value replaced", () => {
	rejectsAsTheSchemaDoes(FRAMES, serverFrameSchema, parseFrame);
});
