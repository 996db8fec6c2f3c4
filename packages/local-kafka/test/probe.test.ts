import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { askMetadata, metadataRequest, parseMetadata } from "../src/probe.ts";

/**
 * The answer of Kafka 4.3.1: broker 1 at 127.0.0.1:9092, cluster id "abc", controller 1, no topics.
 */
const body = Buffer.concat([
	metadataRequest().subarray(8, 12), // correlation id
	Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 9]),
	Buffer.from("127.0.0.1"),
	Buffer.from([0, 0, 0x23, 0x84, 0xff, 0xff, 0, 3]),
	Buffer.from("abc"),
	Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]),
]);
const answer = Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]);

test("an answer is read once it is complete", () => {
	for (let length = 0; length < answer.length; length += 1)
		expect(parseMetadata(answer.subarray(0, length))).toBeUndefined();
	expect(parseMetadata(answer)).toEqual({
		brokers: [{ nodeId: 1, host: "127.0.0.1", port: 0x2384 }],
		clusterId: "abc",
	});
});

test("a reply that is not Kafka's is refused", () => {
	expect(() => parseMetadata(Buffer.from("HTTP/1.1 400"))).toThrow(RangeError);
});

test.each([
	["answers", answer, "abc"],
	["speaks HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), undefined],
	["hangs up", undefined, undefined],
])("a server that %s", async (_, reply, clusterId) => {
	const server = createServer((socket) => {
		socket.on("error", () => {});
		if (reply) socket.once("data", () => socket.write(reply));
		else socket.destroy();
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	expect((await askMetadata(port, 5_000))?.clusterId).toBe(clusterId);
	server.close();
	await new Promise((done) => server.once("close", done));
	expect(await askMetadata(port, 5_000)).toBeUndefined();
});
