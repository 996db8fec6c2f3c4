/**
 * The relay between real websockets: which clients get through, what is forwarded, and how
 * connections end.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Relay } from "../src/server/relay.ts";

const CLIENTS_MAX = 3;

let middleware: Server;
let page: Server;
let relay: Relay;
const asked: IncomingMessage[] = [];
const accepted: WebSocket[] = [];
const lines: { msg: string; fields: object }[] = [];
let nowMs = 0;

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = async (server: Server) => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return portOf(server);
};

beforeEach(async () => {
	for (const list of [asked, accepted, lines]) list.length = 0;
	const websockets = new WebSocketServer({ noServer: true });
	middleware = createServer().on("upgrade", (request, socket, head) => {
		asked.push(request);
		if (request.url?.includes("refuse")) {
			socket.end(
				"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwhy?\n",
			);
			return;
		}
		websockets.handleUpgrade(request, socket, head, (ws) => accepted.push(ws));
	});
	const url = `ws://127.0.0.1:${await listening(middleware)}/ws`;
	relay = new Relay({
		middlewares: new Map([["/ws", { url, secret: "s3cret" }]]),
		clientsMax: CLIENTS_MAX,
		log: (_, fields, msg) => lines.push({ fields, msg }),
		nowMs: () => nowMs,
	});
	page = createServer().on("upgrade", (request, socket, head) => {
		if (!relay.take(request, socket as Socket, head)) socket.destroy();
	});
	await listening(page);
});

afterEach(async () => {
	relay.end();
	for (const server of [page, middleware]) {
		server.closeAllConnections();
		server.close();
	}
	for (const socket of accepted) socket.terminate();
});

const until = async (condition: () => boolean) => {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

function open(
	path = "/ws",
	headers: Record<string, string> = {},
	protocol = "fireworks.v1",
): { socket: WebSocket; status: Promise<number> } {
	const socket = new WebSocket(
		`ws://127.0.0.1:${portOf(page)}${path}`,
		[protocol],
		{ headers },
	);
	socket.on("error", () => {});
	const status = new Promise<number>((resolve) => {
		socket.on("open", () => resolve(101));
		socket.on("unexpected-response", (request, response) => {
			resolve(response.statusCode ?? 0);
			request.destroy();
		});
	});
	return { socket, status };
}

test("frames pass both ways, with the protocol, the query and the credentials", async () => {
	const { socket, status } = open("/ws?ticket=v1.2.x&after=a", {
		authorization: "Bearer t0ken",
		origin: `http://127.0.0.1:${portOf(page)}`,
		cookie: "of=the-page",
	});
	expect(await status).toBe(101);
	expect(socket.protocol).toBe("fireworks.v1");
	await until(() => accepted.length === 1);
	const answer = once(socket, "message");
	accepted[0]?.on("message", (data) => accepted[0]?.send(`echo ${data}`));
	socket.send("hello");
	expect(String((await answer)[0])).toBe("echo hello");
	expect(asked[0]?.url).toBe("/ws?ticket=v1.2.x&after=a");
	expect(asked[0]?.headers.authorization).toBe("Bearer t0ken");
	expect(asked[0]?.headers.origin).toBeUndefined();
	expect(asked[0]?.headers.cookie).toBeUndefined();
});

test("fireworks.v2 and its query pass as they are", async () => {
	const path = "/ws?stream=a%20b&key=x&key=y%26z&windowMs=1000";
	const { socket, status } = open(path, {}, "fireworks.v2");
	expect(await status).toBe(101);
	expect(socket.protocol).toBe("fireworks.v2");
	expect(asked[0]?.url).toBe(path);
	expect(asked[0]?.headers["sec-websocket-protocol"]).toBe("fireworks.v2");
	socket.terminate();
});

test("the middleware gets the client's address, after those that proxies added, and the relay's secret", async () => {
	const { status } = open("/ws", {
		"x-forwarded-for": "203.0.113.7",
		"x-fireworks-relay": "forged",
	});
	expect(await status).toBe(101);
	expect(asked[0]?.headers["x-forwarded-for"]).toBe("203.0.113.7, 127.0.0.1");
	expect(asked[0]?.headers["x-fireworks-relay"]).toBe("s3cret");
});

test("a page of another origin is refused here, and its origin logged", async () => {
	const { status } = open("/ws", { origin: "https://evil.example" });
	expect(await status).toBe(403);
	expect(asked).toEqual([]);
	expect(lines).toMatchObject([
		{ fields: { origin: "https://evil.example", status: 403 } },
	]);
});

test("the middleware's own refusal is passed on", async () => {
	const { status } = open("/ws?refuse");
	expect(await status).toBe(401);
});

test("without a middleware the answer is 502; one log line in ten seconds, with the number of refusals", async () => {
	middleware.closeAllConnections();
	middleware.close();
	for (let i = 0; i < 3; i++) expect(await open().status).toBe(502);
	expect(lines).toHaveLength(1);
	nowMs += 10_001;
	expect(await open().status).toBe(502);
	expect(lines[1]?.fields).toMatchObject({ refused: 3, status: 502 });
});

test("there are never more connections than the limit; the end of one makes room for another", async () => {
	const clients = Array.from({ length: CLIENTS_MAX }, () => open());
	for (const { status } of clients) expect(await status).toBe(101);
	expect(await open().status).toBe(503);
	clients[0]?.socket.close();
	await until(() => relay.clients < CLIENTS_MAX);
	expect(await open().status).toBe(101);
});

test("the end of either side is the end of the other, also by a reset", async () => {
	const ways: ((client: WebSocket, server: WebSocket) => void)[] = [
		(client) => client.close(1000),
		(client) => client.terminate(),
		(_, server) => server.close(1012, "retry-after-ms=1"),
		(_, server) => server.terminate(),
	];
	for (const way of ways) {
		const { socket, status } = open();
		expect(await status).toBe(101);
		await until(() => accepted.length === 1);
		const server = accepted.shift() as WebSocket;
		const ended = [once(socket, "close"), once(server, "close")];
		way(socket, server);
		await Promise.all(ended);
		await until(() => relay.clients === 0);
	}
});

test("the middleware's close code reaches the page", async () => {
	const { socket, status } = open();
	await status;
	await until(() => accepted.length === 1);
	const closed = once(socket, "close");
	accepted[0]?.close(1012, "retry-after-ms=7");
	const [code, reason] = await closed;
	expect([code, String(reason)]).toEqual([1012, "retry-after-ms=7"]);
});

test("a client that only half closes its connection is ended", async () => {
	const raw = connect({
		port: portOf(page),
		host: "127.0.0.1",
		allowHalfOpen: true,
	});
	raw.write(
		"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
	);
	await once(raw, "data");
	raw.resume();
	const ended = once(raw, "end");
	raw.end();
	await ended;
	await until(() => relay.clients === 0);
	raw.destroy();
});

test("what a slow client does not take waits in the middleware, not in the relay", async () => {
	const { socket, status } = open();
	await status;
	await until(() => accepted.length === 1);
	const server = accepted[0] as WebSocket;
	socket.pause();
	const part = Buffer.alloc(1_048_576);
	// More than the kernel's buffers of both connections hold.
	const parts = 64;
	for (let i = 0; i < parts; i++) server.send(part);
	const memory = process.memoryUsage().arrayBuffers;
	await until(() => server.bufferedAmount < (parts - 1) * part.length);
	await new Promise((resolve) => setImmediate(resolve));
	expect(server.bufferedAmount).toBeGreaterThan(16 * part.length);
	expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(
		16 * part.length,
	);
	let taken = 0;
	socket.on("message", (data: Buffer) => {
		taken += data.length;
	});
	socket.resume();
	await until(() => taken === parts * part.length);
});
