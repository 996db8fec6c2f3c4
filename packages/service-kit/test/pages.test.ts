/** The pages of a service's small HTTP server. */
import { Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { startHealthServer } from "../src/index.ts";

test("a page below a path gets the rest of it, decoded, and the headers", async () => {
	const server = await startHealthServer({
		host: "127.0.0.1",
		port: 0,
		registry: new Registry(),
		health: {
			live: () => undefined,
			ready: () => undefined,
			below: {
				path: "/things/",
				answer: async (rest, { authorization }) => ({
					status: 418,
					body: JSON.stringify([rest, authorization]),
				}),
			},
		},
	});
	onTestFinished(() => server.close());
	const get = (path: string) =>
		fetch(`http://127.0.0.1:${server.port}${path}`, {
			headers: { authorization: "Bearer x" },
		});
	const found = await get("/things/a%2Fb%20%C3%BC?ignored=1");
	expect(found.status).toBe(418);
	expect(await found.json()).toEqual(["a/b ü", "Bearer x"]);
	expect((await get("/things/%zz")).status).toBe(400);
	expect((await get("/other")).status).toBe(404);
});
