/**
 * The page's server in front of the middleware, as `up` starts them, on both address families:
 * which clients are admitted and how they are counted.
 */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

const PER_ADDRESS_MAX = 2;
let system: System;
const open: WebSocket[] = [];

beforeAll(async () => {
	system = await System.create({
		FIREWORKS_HOST: "::",
		FIREWORKS_MIDDLEWARE_CLIENTS_PER_ADDRESS_MAX: String(PER_ADDRESS_MAX),
	});
	await system.up();
});
afterEach(async () => {
	for (const socket of open.splice(0)) {
		const closed = once(socket, "close");
		socket.terminate();
		await closed;
	}
	await waitFor("the clients to be gone", async () => (await clients()) === 0);
});
afterAll(() => system?.remove());

async function metric(name: string): Promise<number> {
	const url = `http://127.0.0.1:${system.ports.middleware}/metrics`;
	const text = await (await fetch(url)).text();
	const line = text.split("\n").find((one) => one.startsWith(`${name} `));
	return Number(line?.split(" ").at(-1));
}
const clients = () => metric("fireworks_middleware_clients");

/** The status of a new websocket, which stays open until the end of the test. */
async function connect(
	address: string,
	headers: Record<string, string> = {},
): Promise<number> {
	const socket = new WebSocket(`ws://${address}/ws`, ["fireworks.v1"], {
		headers,
	});
	socket.on("error", () => {});
	return new Promise((resolve) => {
		socket.on("open", () => {
			open.push(socket);
			resolve(101);
		});
		socket.on("unexpected-response", (request, response) => {
			resolve(response.statusCode ?? 0);
			request.destroy();
		});
	});
}

const page = (host: string) => `${host}:${system.ports.dashboard}`;
const direct = (host: string) => `${host}:${system.ports.middleware}`;

test("the page and every part answer on both families", async () => {
	const { code, stdout } = await system.command("status", "--json");
	expect(code).toBe(0);
	for (const part of JSON.parse(stdout).parts)
		expect(part).toMatchObject({ state: "running", restarts: 0 });
	for (const host of ["127.0.0.1", "[::1]", "localhost"]) {
		const response = await fetch(`http://${page(host)}/`);
		expect(await response.text()).toContain("Fireworks");
		expect(response.headers.get("content-security-policy")).toContain(
			host === "[::1]" ? "connect-src 'self'" : `ws://${page(host)}`,
		);
	}
});

test("browsers are counted by their own address, not by that of the page's server", async () => {
	expect(await connect(page("127.0.0.1"))).toBe(101);
	expect(await connect(page("127.0.0.1"))).toBe(101);
	expect(await connect(page("127.0.0.1"))).toBe(503);
	expect(await connect(page("[::1]"))).toBe(101);
	expect(await metric("fireworks_middleware_relayed_clients")).toBe(3);
});

test("a client cannot choose its address, neither through the page's server nor directly", async () => {
	for (const [i, address] of [
		page("127.0.0.1"),
		direct("127.0.0.1"),
		page("127.0.0.1"),
		direct("127.0.0.1"),
	].entries())
		expect(
			await connect(address, {
				"x-forwarded-for": `198.51.100.${i}`,
				"x-fireworks-relay": "forged",
			}),
		).toBe(i < PER_ADDRESS_MAX ? 101 : 503);
});

test("the page's own origins get through the page's server, others do not", async () => {
	for (const host of ["127.0.0.1", "[::1]"])
		expect(await connect(page(host), { origin: `http://${page(host)}` })).toBe(
			101,
		);
	const forwarded = {
		origin: "https://name-3000.app.example",
		"x-forwarded-host": "name-3000.app.example",
	};
	expect(await connect(page("127.0.0.1"), forwarded)).toBe(101);
	expect(
		await connect(page("127.0.0.1"), { origin: "https://evil.example" }),
	).toBe(403);
});

test.each([
	(port: number) => `http://localhost:${port}`,
	(port: number) => `http://127.0.0.1:${port}`,
	(port: number) => `http://[::1]:${port}`,
	(port: number) => `https://localhost:${port}`,
])("the page may still connect directly: %s", async (origin) => {
	expect(
		await connect(direct("127.0.0.1"), {
			origin: origin(system.ports.dashboard),
		}),
	).toBe(101);
});
