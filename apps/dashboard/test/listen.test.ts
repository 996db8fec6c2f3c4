/** http://localhost must lead to us, whichever address family a browser tries first. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { listen, PortTaken } from "../src/server/listen.ts";

const open: Server[] = [];
afterEach(async () => {
	for (const server of open.splice(0)) {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	}
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

test.each(["127.0.0.1", "::1", "0.0.0.0", "::"])(
	"on %s it answers on both families",
	async (host) => {
		const servers = await listen(host, 0, (_, response) =>
			response.end("ours"),
		);
		open.push(...servers);
		const port = portOf(servers[0] as Server);
		for (const name of ["127.0.0.1", "[::1]", "localhost"]) {
			const response = await fetch(`http://${name}:${port}/`);
			expect(await response.text()).toBe("ours");
		}
	},
);

test.each(["127.0.0.1", "::1"])(
	"another program on that port of %s is named, and nothing of ours stays open",
	async (taken) => {
		const other = createServer((_, response) => response.end("theirs"));
		other.listen(0, taken);
		await once(other, "listening");
		open.push(other);
		const port = portOf(other);
		const free = taken === "::1" ? "127.0.0.1" : "::1";
		const start = listen(free, port, () => {});
		await expect(start).rejects.toThrow(PortTaken);
		await expect(start).rejects.toThrow(
			`another program listens on port ${port} of ${taken}`,
		);
		const again = createServer().listen(port, free);
		await once(again, "listening");
		open.push(again);
	},
);

test("an address of its own is the only one", async () => {
	const servers = await listen("127.0.0.2", 0, () => {});
	open.push(...servers);
	expect(servers).toHaveLength(1);
});
