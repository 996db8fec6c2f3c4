import { MemoryBroker } from "../../src/memory/broker.ts";
import { memoryLog } from "../../src/memory/memory-log.ts";
import { logContract } from "../contract/log-contract.ts";

for (const [name, options] of [
	["in memory", {}],
	[
		"in memory, small fetches and late markers",
		{ fetchOffsetsMax: 2, markerDelayMaxMs: 5 },
	],
] as const)
	logContract(name, async () => {
		const broker = new MemoryBroker(options);
		return {
			log: memoryLog({ broker }),
			sessionTimeoutMs: 1_000,
			deleteTopic: async (name) => broker.topics.remove(name),
			close: async () => {},
		};
	});
