/**
 * A machine with IPv6: a broker on [::1] only, and services that listen on both address families.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	freePort,
	kafkaCacheDir,
	type LocalKafka,
	startKafka,
} from "@fireworks/local-kafka";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startService, stopAllServices } from "../harness/service.ts";
import { newStream } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { TestClient } from "../harness/websocket-client.ts";

const dataDir = mkdtempSync(join(tmpdir(), "fireworks-ipv6-"));
let kafka: LocalKafka;
let ipv6Broker: string;

beforeAll(async () => {
	const [port, controllerPort, ipv6Port] = [
		await freePort(),
		await freePort(),
		await freePort(),
	];
	ipv6Broker = `[::1]:${ipv6Port}`;
	kafka = await startKafka({
		port,
		controllerPort,
		dataDir,
		cacheDir: kafkaCacheDir(process.env.FIREWORKS_CACHE_DIR || undefined),
		heapMb: 384,
		quickStart: true,
		onSpawn: endWithUs,
		listeners: [{ name: "IPV6", protocol: "PLAINTEXT", port: ipv6Port }],
		// A client that connects by IPv6 gets only the IPv6 address.
		properties: {
			listeners: `BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},IPV6://${ipv6Broker}`,
			"advertised.listeners": `BROKER://127.0.0.1:${port},IPV6://${ipv6Broker}`,
		},
	});
});
afterEach(stopAllServices);
afterAll(async () => {
	await kafka?.stop();
	rmSync(dataDir, { recursive: true, force: true });
});

test("all services work with a broker at an IPv6 address in brackets, and answer on both families", async () => {
	const { environment } = newStream([ipv6Broker], { FIREWORKS_HOST: "::" });
	const services = await Promise.all([
		startService("metronome", environment),
		startService("processor", environment),
		startService("middleware", environment),
	]);
	for (const service of services) await service.ready();
	const [, , middleware] = services;
	const client = await TestClient.connect(middleware.port);
	await waitFor("live records", () => client.events.length >= 10);
	await client.close();
	for (const { port } of services)
		for (const host of ["127.0.0.1", "[::1]"])
			expect((await fetch(`http://${host}:${port}/readyz`)).status).toBe(200);
});
