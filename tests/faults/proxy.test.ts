/**
 * Tests of the proxy itself, with a fake broker that answers every request with the request's
 * bytes.
 */
import { once } from "node:events";
import {
	type AddressInfo,
	connect,
	createServer,
	type Server,
	type Socket,
} from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inTime, waitFor } from "../harness/wait-for.ts";
import { API, frames, requestOf } from "./kafka-frames.ts";
import { KafkaProxy } from "./proxy.ts";
import type { RuleOptions } from "./proxy-rule.ts";

const CLIENT = "client";

/** A request: its header, and a text as its body. */
function request(apiKey: number, correlationId: number, body: string): Buffer {
	const frame = Buffer.alloc(14 + CLIENT.length + body.length);
	frame.writeInt32BE(frame.length - 4, 0);
	frame.writeInt16BE(apiKey, 4);
	frame.writeInt16BE(1, 6);
	frame.writeInt32BE(correlationId, 8);
	frame.writeInt16BE(CLIENT.length, 12);
	frame.write(CLIENT + body, 14);
	return frame;
}

/** A reply: the correlation id, and the request's bytes. */
function replyTo(frame: Buffer): Buffer {
	const reply = Buffer.alloc(8 + frame.length);
	reply.writeInt32BE(reply.length - 4, 0);
	reply.writeInt32BE(requestOf(frame).correlationId, 4);
	frame.copy(reply, 8);
	return reply;
}

const bodyOf = (frame: Buffer) => frame.toString("utf8", 14 + CLIENT.length);

let proxy: KafkaProxy;
let broker: Server;
let client: Socket;
/**
 * Bodies of the requests that reached the broker, and of those whose replies reached the client.
 */
let asked: string[];
let answered: string[];

beforeEach(async () => {
	asked = [];
	answered = [];
	broker = createServer(async (socket) => {
		socket.on("error", () => {});
		try {
			for await (const frame of frames(socket)) {
				asked.push(bodyOf(frame));
				socket.write(replyTo(frame));
			}
		} catch {
			// The connection was cut.
		}
	});
	broker.listen(0, "127.0.0.1");
	await once(broker, "listening");
	proxy = await KafkaProxy.listen();
	proxy.brokerPort = (broker.address() as AddressInfo).port;
	proxy.know("stream");
	client = connect(proxy.port, "127.0.0.1");
	client.on("error", () => {});
	void (async () => {
		for await (const frame of frames(client))
			answered.push(bodyOf(frame.subarray(8)));
	})().catch(() => {});
});
afterEach(async () => {
	client.destroy();
	await proxy.close();
	broker.close();
});

const both = (expected: string[]) =>
	waitFor(`${expected} asked and answered`, () =>
		[asked, answered].every((seen) => seen.join() === expected.join()),
	);
const rule = (options: Partial<RuleOptions>) =>
	proxy.add({
		apiKey: API.endTxn,
		clientId: CLIENT,
		naming: "stream",
		direction: "request",
		action: "hold",
		...options,
	});

test("frames come whole, however they were cut on their way", async () => {
	const bytes = Buffer.concat([
		request(API.produce, 1, "a".repeat(100_000)),
		request(API.produce, 2, ""),
		request(API.produce, 3, "c"),
	]);
	for (const size of [1, 3, 7, 1_000, bytes.length]) {
		const chunks = (async function* () {
			for (let i = 0; i < bytes.length; i += size)
				yield bytes.subarray(i, i + size);
		})();
		const lengths: number[] = [];
		for await (const frame of frames(chunks))
			lengths.push(bodyOf(frame).length);
		expect(lengths).toEqual([100_000, 0, 1]);
	}
});

describe("a rule", () => {
	test("applies to the named requests only, and so often", async () => {
		const swallow = rule({ action: "swallow", times: 2, after: 1 });
		client.write(request(API.endTxn, 1, "other"));
		client.write(request(API.produce, 2, "stream produce"));
		for (let i = 3; i < 8; i++)
			client.write(request(API.endTxn, i, `stream ${i}`));
		await both(["other", "stream produce", "stream 3", "stream 6", "stream 7"]);
		expect(swallow.hits).toBe(2);
	});

	test("holds a request until it is released, and what comes after it", async () => {
		const held = rule({});
		client.write(request(API.endTxn, 1, "stream 1"));
		client.write(request(API.produce, 2, "stream 2"));
		expect((await inTime("the rule", held.caught)).correlationId).toBe(1);
		expect(asked).toEqual([]);
		held.release();
		await both(["stream 1", "stream 2"]);
	});

	test("loses a reply: the broker has done the work", async () => {
		rule({ direction: "reply", action: "swallow" });
		client.write(request(API.endTxn, 1, "stream 1"));
		client.write(request(API.endTxn, 2, "stream 2"));
		await waitFor("the second", () => answered.join() === "stream 2");
		expect(asked).toEqual(["stream 1", "stream 2"]);
	});

	test("cuts in the middle of a request: it never arrives", async () => {
		rule({ action: "cut" });
		client.write(request(API.endTxn, 1, "stream 1"));
		await waitFor("the cut", () => client.closed);
		expect(asked).toEqual([]);
	});
});

test("a silence keeps everything back, and then lets all of it through", async () => {
	client.write(request(API.produce, 1, "stream 1"));
	await both(["stream 1"]);
	const speak = proxy.silence({ clientId: CLIENT, naming: "stream" });
	client.write(request(API.produce, 2, "stream 2"));
	const other = connect(proxy.port, "127.0.0.1");
	other.write(request(API.produce, 9, "other"));
	await waitFor("the other", () => asked.includes("other"));
	expect(asked).toEqual(["stream 1", "other"]);
	speak();
	await waitFor("the rest", () => answered.join() === "stream 1,stream 2");
	other.destroy();
});

test("a stopped broker refuses connections, and accepts them after its restart", async () => {
	await proxy.refuse();
	const refused = connect(proxy.port, "127.0.0.1");
	const [error] = await inTime("the refusal", once(refused, "error"));
	expect(error).toMatchObject({ code: "ECONNREFUSED" });
	await proxy.accept();
	client = connect(proxy.port, "127.0.0.1");
	client.write(request(API.produce, 1, "stream 1"));
	await waitFor("the request", () => asked.includes("stream 1"));
});
