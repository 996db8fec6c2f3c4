/** Which connections behind a proxy count as one client: real websockets with forwarded headers. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Running, run, TestClient, until } from "../support/running.ts";

let running: Running;
const clients: TestClient[] = [];
beforeEach(async () => {
	running = await run({
		middlewareProxyHops: 1,
		middlewareClientsPerAddressMax: 2,
	});
});
afterEach(async () => {
	for (const client of clients.splice(0)) client.socket.terminate();
	await running.end();
});

/** Opens one connection after the other; returns the status of each. */
async function statuses(forwarded: readonly string[]): Promise<number[]> {
	const found: number[] = [];
	for (const address of forwarded) {
		const client = new TestClient(running.port, {
			headers: { "x-forwarded-for": address },
		});
		clients.push(client);
		await until(
			() => client.socket.readyState === 1 || client.refused !== undefined,
		);
		found.push(client.refused?.status ?? 101);
	}
	return found;
}

test.each([
	["an IPv4 address with ports", "203.0.113.7:5000_"],
	["an IPv6 address with ports", "[2001:db8::1]:5000_"],
	["the addresses of one /64 network", "2001:db8::_"],
])("%s: two get in", async (_, pattern) => {
	const five = [1, 2, 3, 4, 5].map((n) => pattern.replace("_", String(n)));
	expect(await statuses(five)).toEqual([101, 101, 503, 503, 503]);
});

test("five spellings of one IPv6 address: two get in", async () => {
	expect(
		await statuses([
			"2001:db8::1",
			"2001:DB8::1",
			"2001:db8:0:0:0:0:0:1",
			"2001:0db8::0001",
			"[2001:db8::1]",
		]),
	).toEqual([101, 101, 503, 503, 503]);
});

test("what is not an address counts as the proxy's own", async () => {
	const made = ["a", "b.example", "1.2.3.4.5", "[::1", "unknown"];
	expect(await statuses(made)).toEqual([101, 101, 503, 503, 503]);
});

test("two networks are two clients", async () => {
	const made = ["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"];
	expect(await statuses(made)).toEqual([101, 101, 101]);
});
