/** The heartbeat with its real times, over real sockets: 5 s between pings, 4 s of delay, a dead client within 10 s. No broker is needed for it. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { DelayProxy } from "../../services/middleware/test/support/delay-proxy.ts";
import { event } from "../../services/middleware/test/support/events.ts";
import {
	type Running,
	run,
	TestClient,
} from "../../services/middleware/test/support/running.ts";
import { waitFor } from "../harness/wait-for.ts";

let running: Running | undefined;
const proxies: DelayProxy[] = [];
afterEach(async () => {
	for (const proxy of proxies.splice(0)) proxy.close();
	await running?.end();
});

/** A client behind a proxy of its own. */
async function behindProxy(target: number) {
	const proxy = new DelayProxy(target);
	proxies.push(proxy);
	return { proxy, client: new TestClient(await proxy.listen()) };
}

const PINGS_SEEN = 6;

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
		// From one ping to the next: at once, then 4 s late, then at once.
		unsteady.proxy.upMs = jumps % 2 === 0 ? 4_000 : 0;
		const pings = unsteady.client.pings;
		await waitFor("the next ping", () => unsteady.client.pings > pings, 15_000);
		log.append(0, event("d0", seq++));
	}
	await waitFor("all events", () =>
		living.every((c) => c.viewer.events.length === seq),
	);
	// The last pong of all is on its way for as long as it takes.
	await sleep(5_000);
	for (const client of living) {
		expect(client.closed).toBeUndefined();
		expect(client.of("gap")).toEqual([]);
	}
	expect(cutMs).toBeLessThan(10_000);
	expect(middleware.counts.closed.get("silent")).toBe(1);
	expect(middleware.hub.clients.size).toBe(2);
});
