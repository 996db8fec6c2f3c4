import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { hasEvents } from "../../../src/local/supervisor/data-probe.ts";
import {
	askProbe,
	watchLiveness,
} from "../../../src/local/supervisor/http-probe.ts";
import { runProgram } from "../../../src/local/supervisor/process-part.ts";
import { ROOT } from "../../../src/project.ts";

/** A server whose answers the tests choose. */
let answers: number[] = [];
const server = createServer((_, response) => {
	const code = (answers.length > 1 ? answers.shift() : answers[0]) ?? 200;
	response.writeHead(code).end(JSON.stringify({ reason: "no group yet" }));
});
let url: string;
beforeAll(async () => {
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.close();
	server.closeAllConnections();
});

test("a probe says why a service is not ready", async () => {
	answers = [503];
	expect(await askProbe(url, 20_000)).toBe("no group yet");
	answers = [200];
	expect(await askProbe(url, 20_000)).toBeUndefined();
	expect(await askProbe("http://127.0.0.1:1", 20_000)).toContain(
		"ECONNREFUSED",
	);
});

test("a service counts as dead after consecutive failures, not before", async () => {
	answers = [503, 503, 200, 503, 503, 503];
	const asked = { intervalMs: 1, timeoutMs: 20_000, failuresMax: 3 };
	const reasons: string[] = [];
	const over = new AbortController();
	await watchLiveness(url, over.signal, (r) => reasons.push(r), asked);
	expect(reasons).toEqual(["no group yet"]);
	expect(answers).toEqual([503]);
	over.abort();
	await watchLiveness(url, over.signal, (r) => reasons.push(r), asked);
	expect(reasons).toHaveLength(1);
});

/**
 * Runs a program until the test has seen what it waits for. Returns its lines, and how often it was
 * reported ready.
 */
async function runUntil(
	program: string,
	healthUrl: string,
	seen: (lines: readonly string[], ready: number) => boolean,
) {
	const stop = new AbortController();
	const lines: string[] = [];
	let ready = 0;
	const look = () => {
		if (seen(lines, ready)) stop.abort();
	};
	const exit = await runProgram(
		{
			args: ["-e", program],
			env: { ...process.env, WORD: "hello" },
			healthUrl,
		},
		{
			signal: stop.signal,
			onLine: (line) => {
				lines.push(line);
				look();
			},
			onSpawn: (child) =>
				stop.signal.addEventListener("abort", () => child.kill()),
			onReady: () => {
				ready += 1;
				look();
			},
			onWaiting: () => {},
		},
	);
	return { exit, lines, ready };
}

test("a Node program is ready when its probe says so, and its lines and end are reported", async () => {
	const port = await freePort();
	const program = `let asked = 0;
		require("http").createServer((_, response) => {
			asked += 1;
			response.writeHead(asked > 1 ? 200 : 503).end();
		}).listen(${port}, "127.0.0.1", () => console.log(process.env.WORD));`;
	const { exit, lines, ready } = await runUntil(
		program,
		`http://127.0.0.1:${port}`,
		(said, times) => said.length > 0 && times > 0,
	);
	expect(exit).toEqual({ code: null, signal: "SIGTERM" });
	expect(lines).toEqual(["hello"]);
	expect(ready).toBe(1);
});

test("another program that answers on the part's port does not make it ready: it is named", async () => {
	answers = [200];
	const { lines, ready } = await runUntil(
		"setInterval(() => {}, 1e6)",
		url,
		(said, times) => said.length > 0 || times > 0,
	);
	// Only Linux reports which process uses a port.
	if (existsSync("/proc/net/tcp")) {
		expect(ready).toBe(0);
		expect(lines).toHaveLength(1);
		expect(lines[0]).toContain(`pid ${process.pid}`);
	} else expect(ready).toBe(1);
});

describe("with a proxy in the environment", () => {
	const asked: string[] = [];
	const proxy = createServer((request, response) => {
		asked.push(request.url ?? "");
		response.writeHead(502).end();
	});
	proxy.on("connect", (request, socket) => {
		asked.push(request.url ?? "");
		socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
	});
	let proxyUrl: string;
	beforeAll(async () => {
		await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
		proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});
	afterAll(() => {
		proxy.close();
		proxy.closeAllConnections();
	});

	test("both probes of our own addresses go there directly", async () => {
		const middleware = createServer((_, response) => response.end());
		const sockets = new WebSocketServer({ server: middleware });
		sockets.on("connection", (socket) =>
			socket.send(JSON.stringify({ type: "batch", columns: { device: [0] } })),
		);
		await new Promise<void>((done) => middleware.listen(0, "127.0.0.1", done));
		const { port } = middleware.address() as AddressInfo;
		const [http, data] = ["http-probe", "data-probe"].map((name) =>
			JSON.stringify(
				new URL(`../../../src/local/supervisor/${name}.ts`, import.meta.url)
					.href,
			),
		);
		const program = `import { askProbe } from ${http}; import { dataMoves } from ${data};
			console.log(await askProbe("http://127.0.0.1:${port}/readyz", 5_000), await dataMoves(
				{ address: "127.0.0.1:${port}", snapshotWillDo: false }, AbortSignal.timeout(5_000)));`;
		const { stdout } = await promisify(execFile)(
			process.execPath,
			["--input-type=module", "--eval", program],
			{
				// Node itself uses the proxy, and NO_PROXY excludes no host.
				env: {
					PATH: process.env.PATH,
					NODE_USE_ENV_PROXY: "1",
					http_proxy: proxyUrl,
					https_proxy: proxyUrl,
				},
				cwd: ROOT,
			},
		);
		for (const client of sockets.clients) client.terminate();
		middleware.close();
		expect(stdout.trim()).toBe("undefined true");
		expect(asked).toEqual([]);
	});
});

test("data moves when a batch has events; a snapshot counts only where it may", () => {
	const frame = (type: string, device: number[]) =>
		JSON.stringify({ type, columns: { device } });
	expect(hasEvents(frame("batch", [0]), false)).toBe(true);
	expect(hasEvents(frame("batch", []), false)).toBe(false);
	expect(hasEvents(frame("snapshot", [0]), false)).toBe(false);
	expect(hasEvents(frame("snapshot", [0]), true)).toBe(true);
	expect(hasEvents('{"type":"hello"}', true)).toBe(false);
	expect(hasEvents("rubbish", true)).toBe(false);
});
