/**
 * The heartbeat with its real times, over real sockets: 5 s between pings, 4 s of delay, a dead
 * client noticed within 10 s. It needs no broker.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DelayProxy } from "../../services/middleware/test/support/delay-proxy.ts";
import { event } from "../../services/middleware/test/support/events.ts";
import {
	type Running,
	run,
	TestClient,
} from "../../services/middleware/test/support/running.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";

let running: Running | undefined;
const proxies: DelayProxy[] = [];
afterEach(async () => {
	for (const proxy of proxies.splice(0)) proxy.close();
	await running?.end();
});

/** A client behind its own proxy. */
async function behindProxy(target: number) {
	const proxy = new DelayProxy(target);
	proxies.push(proxy);
	return { proxy, client: new TestClient(await proxy.listen()) };
}

const PINGS_SEEN = 6;

/** How long this process was blocked in total, measured by a timer that is due every 50 ms. */
const LOOK_MS = 50;
let stoodStillMs = 0;
let lookedMs = 0;
let looking: NodeJS.Timeout;
beforeEach(() => {
	stoodStillMs = 0;
	lookedMs = performance.now();
	looking = setInterval(() => {
		const nowMs = performance.now();
		stoodStillMs += Math.max(0, nowMs - lookedMs - LOOK_MS);
		lookedMs = nowMs;
	}, LOOK_MS);
});
afterEach(() => clearInterval(looking));

test("a live client behind 4 s of delay, or one whose delay comes and goes, is never cut; a dead one is, within 10 s", async () => {
	running = await run();
	const { log, port, middleware } = running;
	const far = await behindProxy(port);
	far.proxy.upMs = 2_000;
	far.proxy.downMs = 2_000;
	const unsteady = await behindProxy(port);
	const dead = await behindProxy(port);
	const living = [far.client, unsteady.client];
	await waitFor("all to be served", () =>
		[...living, dead.client].every((c) => c.of("snapshot").length === 1),
	);

	const died = performance.now();
	let cutMs: number | undefined;
	dead.proxy.onCut = () => {
		cutMs ??= performance.now() - died;
	};
	dead.proxy.silent = true;
	let seq = 0;
	for (let jumps = 0; living.some((c) => c.pings < PINGS_SEEN); jumps++) {
		// Time from one ping to the next: at once, then 4 s late, then at once.
		unsteady.proxy.upMs = jumps % 2 === 0 ? 4_000 : 0;
		const pings = unsteady.client.pings;
		await waitForValue(
			"the next ping",
			() => unsteady.client.pings,
			(count) => count > pings,
		);
		log.append(0, event("d0", seq++));
	}
	await waitFor("all events", () =>
		living.every((c) => c.viewer.events.length === seq),
	);
	// The very last pong may still be on its way.
	await sleep(5_000);
	for (const client of living) {
		expect(client.closed).toBeUndefined();
		expect(client.of("gap")).toEqual([]);
	}
	// The middleware runs in this process. While the process is blocked, it cannot notice a dead
	// client.
	expect(cutMs).toBeLessThan(10_000 + stoodStillMs);
	expect(middleware.counts.closed.get("silent")).toBe(1);
	expect(middleware.hub.clients.size).toBe(2);
});
