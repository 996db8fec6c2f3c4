import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasEvents } from "../../src/supervisor/data-probe.ts";
import { askProbe } from "../../src/supervisor/http-probe.ts";
import { watchLiveness } from "../../src/supervisor/liveness.ts";
import { launchProcess } from "../../src/supervisor/process-part.ts";

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

test("a probe tells why a service is not ready", async () => {
	answers = [503];
	expect(await askProbe(url, 1_000)).toBe("no group yet");
	answers = [200];
	expect(await askProbe(url, 1_000)).toBeUndefined();
	expect(await askProbe("http://127.0.0.1:1", 1_000)).toContain("ECONNREFUSED");
});

test("a service is given up after failures in a row, not before", async () => {
	answers = [503, 503, 200, 503, 503, 503];
	const asked = { intervalMs: 1, timeoutMs: 1_000, failuresMax: 3 };
	const reasons: string[] = [];
	const over = new AbortController();
	await watchLiveness(url, over.signal, (r) => reasons.push(r), asked);
	expect(reasons).toEqual(["no group yet"]);
	expect(answers).toEqual([503]);
	over.abort();
	await watchLiveness(url, over.signal, (r) => reasons.push(r), asked);
	expect(reasons).toHaveLength(1);
});

test("a Node program is ready when its probe says so, and its lines and end are told", async () => {
	answers = [503, 200];
	const stop = new AbortController();
	const lines: string[] = [];
	const ready = Promise.withResolvers<void>();
	const spoken = Promise.withResolvers<void>();
	void Promise.all([ready.promise, spoken.promise]).then(() => stop.abort());
	const exit = await launchProcess(
		{
			args: ["-e", "console.log(process.env.WORD); setInterval(() => {}, 1e6)"],
			env: { ...process.env, WORD: "hello" },
			healthUrl: url,
		},
		{
			signal: stop.signal,
			onLine: (line) => {
				lines.push(line);
				spoken.resolve();
			},
			onSpawn: (child) =>
				stop.signal.addEventListener("abort", () => child.kill()),
			onReady: () => ready.resolve(),
		},
	);
	expect(exit).toEqual({ code: null, signal: "SIGTERM" });
	expect(lines).toEqual(["hello"]);
});

test("data moves when a batch has events; a snapshot only where that will do", () => {
	const frame = (type: string, device: number[]) =>
		JSON.stringify({ type, columns: { device } });
	expect(hasEvents(frame("batch", [0]), false)).toBe(true);
	expect(hasEvents(frame("batch", []), false)).toBe(false);
	expect(hasEvents(frame("snapshot", [0]), false)).toBe(false);
	expect(hasEvents(frame("snapshot", [0]), true)).toBe(true);
	expect(hasEvents('{"type":"hello"}', true)).toBe(false);
	expect(hasEvents("rubbish", true)).toBe(false);
});
