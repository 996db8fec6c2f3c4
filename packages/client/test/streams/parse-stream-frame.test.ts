import {
	type StreamServerFrame,
	type StreamsServerFrame,
	streamFrameSchema,
	streamsFrameSchema,
} from "@fireworks/contracts";
import { describe, expect, it } from "vitest";
import {
	parseListFrame,
	parseStreamFrame,
} from "../../src/streams/parse-stream-frame.ts";
import { rejectsAsTheSchemaDoes } from "../rejects.ts";
import {
	keys,
	streamBatch,
	streamHello,
	streamSnapshot,
	streams,
} from "./frames.ts";

const FRAMES: StreamServerFrame[] = [
	streamHello(1),
	keys("a", null),
	streamBatch("v1.1", 2, [0, 1], [3, 4]),
	streamSnapshot("v1.1", 2, [0], [3]),
	{ type: "gap", from: "v1.1", to: "v1.2", count: 1 },
	{ type: "ping", serverTime: 5 },
	{
		type: "problems",
		records: [{ reason: "no time at t", count: 2, example: "offset 7" }],
		ahead: { count: 1, example: "offset 9" },
	},
	{ type: "error", code: "stream-removed", message: "it was removed" },
];
const LIST_FRAMES: StreamsServerFrame[] = [
	streams(1),
	{ type: "ping", serverTime: 5 },
	{ type: "error", code: "too-many-frames", message: "20 a second" },
];

describe.each([
	{ name: "of a stream", FRAMES, parse: parseStreamFrame, streamFrameSchema },
	{
		name: "of the list",
		FRAMES: LIST_FRAMES,
		parse: parseListFrame,
		streamFrameSchema: streamsFrameSchema,
	},
])("frames $name", ({ FRAMES: frames, parse, streamFrameSchema: schema }) => {
	it("are valid by the schema, and taken as they are", () => {
		for (const frame of frames) {
			expect(schema.safeParse(frame).error).toBeUndefined();
			expect(parse(JSON.stringify(frame))).toEqual(frame);
		}
	});

	it("are rejected if the schema rejects them, for any single value replaced", () => {
		rejectsAsTheSchemaDoes(frames, schema, parse);
	});
});

it("columns of two lengths are rejected", () => {
	const frame = streamBatch("v1.1", 2, [0, 1], [3, 4]);
	frame.columns.measures["wind.speed"]?.pop();
	expect(() => parseStreamFrame(JSON.stringify(frame))).toThrow("wrong batch");
});

it("places of another length are rejected; without places a frame is of an earlier server", () => {
	const frame = streamBatch("v1.1", 2, [0, 1], [3, 4]);
	frame.columns.offset = [7];
	expect(() => parseStreamFrame(JSON.stringify(frame))).toThrow("wrong batch");
	const { partition, offset, ...bare } = frame.columns;
	const early = { ...frame, columns: bare };
	expect(parseStreamFrame(JSON.stringify(early))).toEqual(early);
});
