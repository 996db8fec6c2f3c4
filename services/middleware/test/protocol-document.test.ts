/** The client in docs/protocol.md does what is said of it. */
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { event, range } from "./support/events.ts";
import { type Running, run, until } from "./support/running.ts";

const document = readFileSync(
	new URL("../../../docs/protocol.md", import.meta.url),
	"utf8",
);
const code = /```js\n([\s\S]+?)```/.exec(document)?.[1] ?? "";

let running: Running;
afterEach(() => running.end());

test("the client in 30 lines: a snapshot, batches, and a resume after its connection is cut", async () => {
	running = await run();
	const { log, middleware } = running;
	const seen: unknown[][] = [];
	const { follow } = await import(
		`data:text/javascript,${encodeURIComponent(code)}`
	);
	log.append(0, event("d0", 0));
	await until(() => middleware.hub.livePlace().ordinal === 1);
	follow(`ws://127.0.0.1:${running.port}/ws`, (...args: unknown[]) =>
		seen.push(args),
	);
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
