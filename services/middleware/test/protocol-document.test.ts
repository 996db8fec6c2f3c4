/**
 * Runs the clients in docs/build/protocol.md and protocol-v2.md and checks that they do what the
 * documents say.
 */
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { event, range } from "./support/events.ts";
import { type Running, run, until } from "./support/running.ts";
import { streamSystem } from "./support/stream-system.ts";

/** The client in a document, as a module. */
const clientIn = async (name: string) => {
	const url = new URL(`../../../docs/build/${name}`, import.meta.url);
	const code = /```js\n([\s\S]+?)```/.exec(readFileSync(url, "utf8"))?.[1];
	return import(`data:text/javascript,${encodeURIComponent(code ?? "")}`);
};

let running: Running | undefined;
afterEach(() => running?.end());

test("the client in 30 lines: a snapshot, batches, and a resume after its connection is cut", async () => {
	running = await run();
	const { log, middleware, port } = running;
	const seen: unknown[][] = [];
	const { follow } = await clientIn("protocol.md");
	log.append(0, event("d0", 0));
	await until(() => middleware.hub.livePlace().ordinal === 1);
	follow(`ws://127.0.0.1:${port}/ws`, (...args: unknown[]) => seen.push(args));
	await until(() => seen.length === 1);
	for (const seq of range(1, 5)) log.append(0, event("d0", seq));
	await until(() => seen.length === 5);
	for (const client of middleware.hub.clients) client.socket.terminate();
	for (const seq of range(5, 10)) log.append(0, event("d0", seq));
	await until(() => seen.length === 10);
	expect(seen).toEqual(
		range(0, 10).map((seq) => {
			const { timestamp, value } = event("d0", seq);
			return ["d0", timestamp, value, seq === 0 ? "snapshot" : "batch"];
		}),
	);
});

test("the client of v2 in 30 lines: a snapshot, batches, and it comes back to a changed definition", async () => {
	const system = await streamSystem();
	const seen: unknown[][] = [];
	const { followStream } = await clientIn("protocol-v2.md");
	await system.publish("readings");
	await system.append("readings", { id: "a", t: 1_000, v: 1, w: 5 });
	followStream(
		`ws://127.0.0.1:${system.port}/ws`,
		"readings",
		(...args: unknown[]) => seen.push(args),
	);
	await until(() => seen.length === 1);
	await system.append("readings", { id: "b", t: 2_000 });
	await until(() => seen.length === 2);
	await system.publish("readings", { measures: { w: {} } });
	await until(() => seen.length === 4);
	expect(seen).toEqual([
		["a", 1_000, { v: 1 }],
		["b", 2_000, { v: null }],
		["a", 1_000, { w: 5 }],
		["b", 2_000, { w: null }],
	]);
});
