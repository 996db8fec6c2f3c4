/** The relay to the lake between real servers: what passes, what is refused, and how it ends. */
import { once } from "node:events";
import {
	createServer,
	type IncomingMessage,
	request,
	type Server,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LAKE_OFF, LakeRelay } from "../src/server/lake-relay.ts";

let lake: Server;
let page: Server;
let relay: LakeRelay;
const asked: { request: IncomingMessage; body: string }[] = [];
let answer: (response: ServerResponse) => void;
const lines: string[] = [];

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = async (server: Server) => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return portOf(server);
};
const relayTo = (url: string) =>
	new LakeRelay({
		url,
		bearerToken: "t0ken",
		log: (_, __, msg) => lines.push(msg),
		nowMs: () => 0,
	});

beforeEach(async () => {
	for (const list of [asked, lines]) list.length = 0;
	answer = (response) => {
		response.setHeader("content-type", "application/json");
		response.setHeader("set-cookie", "of=the-lake");
		response.end('{"tables":[]}');
	};
	lake = createServer(async (request, response) => {
		let body = "";
		for await (const part of request) body += part;
		asked.push({ request, body });
		answer(response);
	});
	relay = relayTo(`http://127.0.0.1:${await listening(lake)}/below/`);
	page = createServer((request, response) => {
		if (!relay.take(request, response)) response.end("the page");
	});
	await listening(page);
});

afterEach(() => {
	for (const server of [page, lake]) {
		server.closeAllConnections();
		server.close();
	}
});

const ask = (path: string, options: RequestInit = {}) =>
	fetch(`http://127.0.0.1:${portOf(page)}${path}`, options);
const reasonOf = async (response: Response) =>
	[response.status, (await response.json()).error] as const;

test("the three paths pass, with their query and body, without cookies of either side", async () => {
	const tables = await ask("/lake/tables", { headers: { cookie: "a=b" } });
	expect(await tables.json()).toEqual({ tables: [] });
	expect(tables.headers.get("set-cookie")).toBeNull();
	expect(tables.headers.get("cache-control")).toBe("no-store");
	await ask("/lake/history?stream=a%20b&key=x&key=y%26z");
	await ask("/lake/sql", {
		method: "POST",
		headers: {
			cookie: "of=the-page",
			authorization: "Bearer of-the-page",
			"content-type": "application/json",
			origin: `http://127.0.0.1:${portOf(page)}`,
		},
		body: '{"sql":"select 1"}',
	});
	expect(
		asked.map(({ request: { method, url }, body }) => [method, url, body]),
	).toEqual([
		["GET", "/below/tables", ""],
		["GET", "/below/history?stream=a%20b&key=x&key=y%26z", ""],
		["POST", "/below/sql", '{"sql":"select 1"}'],
	]);
	const { cookie, origin, authorization } = asked[2]?.request.headers ?? {};
	expect([cookie, origin, authorization]).toEqual([
		undefined,
		undefined,
		"Bearer t0ken",
	]);
	expect(await (await ask("/lakes")).text()).toBe("the page");
});

test("the lake's refusal is passed on with its reason", async () => {
	answer = (response) => {
		response.writeHead(400, { "content-type": "application/json" });
		response.end('{"error":"no such table"}');
	};
	expect(await reasonOf(await ask("/lake/tables"))).toEqual([
		400,
		"no such table",
	]);
});

test("everything else is refused here, and says why", async () => {
	const post = { method: "POST", body: "{}" };
	const refused: [string, RequestInit, number][] = [
		["/lake/metrics", {}, 404],
		["/lake/tables/../metrics", {}, 404],
		["/lake/sql", {}, 405],
		["/lake/tables", post, 405],
		["/lake/sql", { ...post, body: "x".repeat(65_537) }, 413],
		[
			"/lake/sql",
			{ ...post, headers: { origin: "https://evil.example" } },
			403,
		],
		["/lake/tables", { headers: { "sec-fetch-site": "cross-site" } }, 403],
	];
	for (const [path, options, status] of refused) {
		const [found, reason] = await reasonOf(await ask(path, options));
		expect([path, found]).toEqual([path, status]);
		expect(reason).toMatch(/\w/);
	}
	expect(asked).toEqual([]);
});

test("without a lake the answer says how to have one; a dead one is 502, and logged once", async () => {
	relay = relayTo("");
	expect(await reasonOf(await ask("/lake/tables"))).toEqual([404, LAKE_OFF]);
	relay = relayTo(`http://127.0.0.1:${portOf(lake)}`);
	lake.closeAllConnections();
	lake.close();
	for (let i = 0; i < 3; i++)
		expect((await ask("/lake/tables")).status).toBe(502);
	expect(lines).toHaveLength(1);
});

test("a question that the page gives up is given up in the lake", async () => {
	let ended = false;
	answer = (response) => {
		response.write("{");
		response.once("close", () => {
			ended = true;
		});
	};
	const giveUp = new AbortController();
	const response = await ask("/lake/history", { signal: giveUp.signal });
	giveUp.abort();
	await expect(response.text()).rejects.toThrow();
	while (!ended) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("an answer that is cut off is cut off for the page too", async () => {
	answer = (response) => {
		response.writeHead(200, { "content-length": "100" });
		response.write("{", () => response.destroy());
	};
	const outcome = await new Promise((resolve) => {
		request({ port: portOf(page), path: "/lake/tables" }, (response) => {
			response.resume();
			response.once("error", () => resolve("cut off"));
			response.once("end", () => resolve("whole"));
		}).end();
	});
	expect(outcome).toBe("cut off");
});
