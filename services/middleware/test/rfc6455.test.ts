/**
 * RFC 6455 byte by byte, after the cases of the Autobahn suite (their numbers in brackets) that
 * apply to a server that does not echo.
 *
 * The suite itself cannot be run: the version on PyPI is for Python 2.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	BINARY,
	CLOSE,
	clientFrame,
	closing,
	PING,
	PONG,
	RawSocket,
	TEXT,
} from "./support/raw-socket.ts";
import { type Running, run, until } from "./support/running.ts";

let running: Running;
beforeAll(async () => {
	running = await run({}, undefined, { framesPerSecondMax: 10_000 });
});
afterAll(() => running.end());

const pong = '{"type":"pong","serverTime":1}';
const bad = Buffer.from([0xce, 0xba, 0xe1, 0xed]);

async function open(): Promise<RawSocket> {
	const socket = new RawSocket(running.port);
	await until(() => socket.types().includes("snapshot"));
	return socket;
}

/** Sends the bytes. Returns the server's close code, after the connection has ended. */
async function closedBy(bytes: Buffer): Promise<number | undefined> {
	const client = await open();
	client.socket.write(bytes);
	await until(() => client.ended || client.closeCode !== undefined);
	const code = client.closeCode;
	client.socket.end();
	await until(() => client.ended);
	return code;
}

/** Sends the bytes, then a ping. An answered ping shows that the server found nothing wrong. */
async function accepted(...parts: Buffer[]): Promise<RawSocket> {
	const client = await open();
	for (const part of parts) client.socket.write(part);
	client.socket.write(clientFrame(PING, "still there?"));
	await until(() =>
		client.of(PONG).some((payload) => String(payload) === "still there?"),
	);
	expect(client.closeCode).toBeUndefined();
	expect(client.types()).not.toContain("error");
	client.socket.destroy();
	return client;
}

test("pings are answered with their own payload, in order (2.1 to 2.11)", async () => {
	const payloads = ["", "hello", "x".repeat(125), "\x00\xff\xfe"];
	const client = await accepted(
		...payloads.map((payload) => clientFrame(PING, payload)),
	);
	expect(client.of(PONG).map(String).slice(0, 4)).toEqual(payloads);
	expect(await closedBy(clientFrame(PING, "x".repeat(126)))).toBe(1002);
});

test("a pong without a ping is ignored (2.7)", async () => {
	await accepted(clientFrame(PONG, "hello"));
});

test.each([1, 2, 3, 4, 5, 6, 7])(
	"reserved bits %i (3.1 to 3.7)",
	async (rsv) => {
		expect(await closedBy(clientFrame(TEXT, pong, { rsv }))).toBe(1002);
		expect(await closedBy(clientFrame(PING, "", { rsv }))).toBe(1002);
	},
);

test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])(
	"reserved opcode %i (4.1, 4.2)",
	async (opcode) => {
		expect(await closedBy(clientFrame(opcode, ""))).toBe(1002);
	},
);

test("a message in fragments, with a ping between them, and byte by byte (5.3 to 5.8, 5.19)", async () => {
	const parts = [
		clientFrame(TEXT, pong.slice(0, 9), { fin: false }),
		clientFrame(PING, "between"),
		clientFrame(0, "", { fin: false }),
		clientFrame(0, pong.slice(9)),
	];
	const client = await accepted(...parts);
	expect(String(client.of(PONG)[0])).toBe("between");
	await accepted(
		...[...Buffer.concat(parts)].map((byte) => Buffer.from([byte])),
	);
});

test("fragments out of order (5.1, 5.2, 5.9 to 5.18)", async () => {
	const start = clientFrame(TEXT, pong.slice(0, 9), { fin: false });
	for (const bytes of [
		clientFrame(PING, "", { fin: false }),
		clientFrame(PONG, "", { fin: false }),
		clientFrame(CLOSE, closing(1_000), { fin: false }),
		clientFrame(0, pong),
		clientFrame(0, pong, { fin: false }),
		Buffer.concat([start, clientFrame(TEXT, pong)]),
		Buffer.concat([start, clientFrame(BINARY, "", { fin: false })]),
	])
		expect(await closedBy(bytes)).toBe(1002);
});

test("text that is not UTF-8, whole and over fragments (6.3, 6.4, 6.8 to 6.22)", async () => {
	for (const bytes of [
		bad,
		[0xc0, 0xaf],
		[0xed, 0xa0, 0x80],
		[0xf4, 0x90, 0x80, 0x80],
		[0xfe],
		[0xc3],
	])
		expect(
			await closedBy(clientFrame(TEXT, Buffer.from(bytes as number[]))),
		).toBe(1007);
	const inParts = [
		clientFrame(TEXT, Buffer.from([0xce]), { fin: false }),
		clientFrame(0, Buffer.from([0xff])),
	];
	expect(await closedBy(Buffer.concat(inParts))).toBe(1007);
});

test("a code point that is split over two fragments arrives intact (6.2)", async () => {
	const text = Buffer.from('{"type":"pong","serverTime":1,"note":"κόσμε"}');
	const cut = text.indexOf(0xce) + 1;
	await accepted(
		clientFrame(TEXT, text.subarray(0, cut), { fin: false }),
		clientFrame(0, text.subarray(cut)),
	);
});

test.each([
	1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_009, 1_010, 1_011, 3_000, 3_999,
	4_000, 4_999,
])("a close with %i is answered with it (7.1, 7.7)", async (code) => {
	expect(await closedBy(clientFrame(CLOSE, closing(code, "bye")))).toBe(code);
});

test.each([0, 999, 1_004, 1_005, 1_006, 1_016, 1_100, 2_000, 2_999, 5_000])(
	"a close with %i is wrong (7.9)",
	async (code) => {
		expect(await closedBy(clientFrame(CLOSE, closing(code)))).toBe(1002);
	},
);

test("closes without a code, of one byte, too long, with a reason that is no text (7.3, 7.5)", async () => {
	expect(await closedBy(clientFrame(CLOSE, ""))).toBe(1005);
	expect(await closedBy(clientFrame(CLOSE, "x"))).toBe(1002);
	expect(
		await closedBy(clientFrame(CLOSE, closing(1_000, "x".repeat(124)))),
	).toBe(1002);
	expect(
		await closedBy(clientFrame(CLOSE, closing(1_000, "x".repeat(123)))),
	).toBe(1_000);
	expect(await closedBy(clientFrame(CLOSE, closing(1_000, bad)))).toBe(1007);
});

test("what comes after a close is not heard (7.1.2 to 7.1.6)", async () => {
	const client = await open();
	client.socket.write(
		Buffer.concat([
			clientFrame(CLOSE, closing(1_000)),
			clientFrame(PING, "too late"),
			clientFrame(TEXT, "garbage"),
		]),
	);
	await until(() => client.ended);
	expect(client.of(CLOSE)).toHaveLength(1);
	expect(client.of(PONG)).toEqual([]);
	expect(client.types()).not.toContain("error");
});

test("a frame that is not masked, and lengths that cannot be (RFC 6455, 5.1 and 5.2)", async () => {
	expect(await closedBy(clientFrame(TEXT, pong, { masked: false }))).toBe(1002);
	const announces = (...length: number[]) =>
		Buffer.from([0x81, 0xff, ...length]);
	expect(await closedBy(announces(0, 0, 0, 0, 0, 0, 0x40, 0x01))).toBe(1009);
	expect([1002, 1009]).toContain(
		await closedBy(announces(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
	);
});
