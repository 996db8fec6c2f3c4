/**
 * Tests our own requests byte by byte, with recorded requests to a Kafka 4.3.1 and its responses.
 */
import { describe, expect, test } from "vitest";
import { createTopics, topicMetadata } from "../../src/kafka/topic-requests.ts";
import { WireReader, WireWriter } from "../../src/kafka/wire/buffers.ts";

const spec = (name: string, more: object = {}) => ({
	name,
	partitions: 2,
	replicationFactor: 1,
	cleanup: "delete" as const,
	config: {},
	...more,
});

describe("metadata", () => {
	const PRESENT =
		"000000000002000000010a3132372e302e302e3100009eab00001779354f4e683670346456724e6f514c364c384a4e5f5100000001020000067469636b738762a19481154dbaba8fa8dfd492531e00030000000000000000000100000000020000000102000000010100000000000001000000010000000002000000010200000001010080000000008000000000";
	const ABSENT =
		"000000000002000000010a3132372e302e302e3100009eab00001779354f4e683670346456724e6f514c364c384a4e5f510000000102000307616273656e7400000000000000000000000000000000000180000000008000000000";

	test("asks for one topic, and not to make it", () => {
		expect(topicMetadata("ticks").body.toString("hex")).toBe(
			"000200000000000000000000000000000000067469636b730000000000",
		);
	});

	test("reads the topic's id", () => {
		expect(topicMetadata("ticks").read(Buffer.from(PRESENT, "hex"))).toEqual({
			errorCode: 0,
			id: "8762a19481154dbaba8fa8dfd492531e",
		});
	});

	test("of an absent topic there is none", () => {
		expect(topicMetadata("absent").read(Buffer.from(ABSENT, "hex"))).toEqual({
			errorCode: 3,
			id: undefined,
		});
	});

	test("an answer that was cut off is an error, at every length", () => {
		const whole = Buffer.from(PRESENT, "hex");
		// The last five bytes are not needed for the id.
		for (let length = 0; length < whole.length - 5; length++)
			expect(() =>
				topicMetadata("ticks").read(whole.subarray(0, length)),
			).toThrow(RangeError);
	});
});

describe("creating topics", () => {
	const specs = [
		spec("ticks"),
		spec("wide", { replicationFactor: 3 }),
		spec("bogus", { config: { "no.such.config": "1" } }),
		spec("bad", { config: { "segment.bytes": "1" } }),
	];

	test("asks for partitions, replicas and settings", () => {
		expect(
			createTopics(specs, { validateOnly: false }).body.toString("hex"),
		).toBe(
			"0000000400057469636b73000000020001000000000000000000047769646500000002000300000000000000000005626f6775730000000200010000000000000001000e6e6f2e737563682e636f6e66696700013100036261640000000200010000000000000001000d7365676d656e742e62797465730001310000271000",
		);
	});

	test("gives each topic's own answer, with the broker's words", () => {
		const answer =
			"000000000000000400057469636b730000ffff000477696465002600c2556e61626c6520746f207265706c69636174652074686520706172746974696f6e20332074696d652873293a2054686520746172676574207265706c69636174696f6e20666163746f72206f6620332063616e6e6f7420626520726561636865642062656361757365206f6e6c7920312062726f6b6572287329206172652072656769737465726564206f7220736f6d652062726f6b657273206861766520616c6c207468656972206c6f67206469726563746f7269657320636f72646f6e65642e0005626f67757300280029556e6b6e6f776e20746f70696320636f6e666967206e616d653a206e6f2e737563682e636f6e66696700036261640028004f496e76616c69642076616c7565203120666f7220636f6e66696775726174696f6e207365676d656e742e62797465733a2056616c7565206d757374206265206174206c656173742031303438353736";
		expect(
			createTopics(specs, { validateOnly: false }).read(
				Buffer.from(answer, "hex"),
			),
		).toEqual([
			{ topic: "ticks", errorCode: 0, message: null },
			{
				topic: "wide",
				errorCode: 38,
				message: expect.stringMatching(
					/^Unable to replicate the partition 3 time\(s\):/,
				),
			},
			{
				topic: "bogus",
				errorCode: 40,
				message: "Unknown topic config name: no.such.config",
			},
			{
				topic: "bad",
				errorCode: 40,
				message:
					"Invalid value 1 for configuration segment.bytes: Value must be at least 1048576",
			},
		]);
	});
});

describe("the wire format", () => {
	test.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151])(
		"the varint %i comes back",
		(value) => {
			const { buffer } = new WireWriter().unsignedVarint(value);
			expect(new WireReader(buffer).unsignedVarint()).toBe(value);
		},
	);

	test("a varint without an end is an error", () => {
		const endless = new WireReader(Buffer.alloc(10, 0xff));
		expect(() => endless.unsignedVarint()).toThrow(RangeError);
	});

	test("tagged fields that we do not know are passed over", () => {
		const { buffer } = new WireWriter()
			.unsignedVarint(2)
			.unsignedVarint(7)
			.compactString("ab")
			.unsignedVarint(300)
			.unsignedVarint(0)
			.int16(42);
		// A tagged field's size counts its bytes alone; compactString writes one more.
		buffer[2] = 2;
		const reader = new WireReader(buffer);
		reader.tags();
		expect(reader.int16()).toBe(42);
	});
});
