/**
 * The port on the memory broker: the log of tests. Several may stand on one broker, each a process with its own clock and its own way to
 * the broker; without those it is a log that answers at once.
 */
import type { Log } from "../log.ts";
import type { Clock } from "../stage/runtime.ts";
import { MemoryBroker } from "./broker.ts";
import { MemoryGroupMember } from "./member.ts";
import { directNetwork, type Network } from "./network.ts";
import { MemoryTransactionalProducer } from "./producer.ts";
import { openMemoryReader } from "./reader.ts";

export interface MemoryLogOptions {
	broker?: MemoryBroker;
	/** The process's clock. The broker's, where absent. */
	clock?: Clock;
	/** Direct, where absent. */
	network?: Network;
}

/** Opens a log in memory; what is written to its broker lives as long as the broker. */
export function memoryLog(options: MemoryLogOptions = {}): Log {
	const {
		broker = new MemoryBroker(),
		clock = broker.clock,
		network = directNetwork,
	} = options;
	const { topics } = broker;
	return {
		ensureTopics: (specs) =>
			network.request("topics", () => topics.ensure(specs)),
		offsets: (topic) => network.request("offsets", () => topics.offsets(topic)),
		read: (readOptions) =>
			openMemoryReader(broker, network, clock, readOptions),
		member: (groupOptions) =>
			new MemoryGroupMember(broker, network, clock, groupOptions),
		transactionalProducer: (id, timeoutMs) =>
			new MemoryTransactionalProducer(broker, network, clock, id, timeoutMs),
		append: (topic, record) =>
			network.request("append", () => {
				topics.append(topic, record.partition, [record]);
			}),
		close: async () => {},
	};
}
