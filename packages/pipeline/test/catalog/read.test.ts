/** The catalog on the in-memory log. tests/integration/catalog.test.ts runs it on a real broker. */
import { MemoryBroker, memoryLog } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineStream, publish, readCatalog } from "../../src/index.ts";

test("what was published is read at once, although its transaction has no marker yet", async () => {
	const log = memoryLog({
		broker: new MemoryBroker({ fetchWaitMs: 5, markerDelayMaxMs: 200 }),
	});
	const names = ["a", "b", "c", "d", "e"];
	for (const name of names) {
		const stream = defineStream({
			name,
			schema: z.object({ id: z.string() }),
			key: "id",
			time: "@timestamp",
		});
		await publish({
			log,
			settings: { replicationFactor: 1, topicConfigs: "own" },
			streams: [stream.description],
		});
		expect((await readCatalog(log)).has(name)).toBe(true);
	}
});
