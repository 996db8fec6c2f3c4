/**
 * The port (log.ts) on the memory broker, for tests. Several of these logs may use one broker: each
 * is then a process with its own clock and its own network to the broker. Without those it is a log
 * that answers at once.
 */
import type { Log } from "../log.ts";
import type { Clock } from "../time.ts";
import { MemoryBroker } from "./broker.ts";
import { MemoryGroupMember } from "./member.ts";
import { directNetwork, type Network } from "./network.ts";
import { MemoryTransactionalProducer } from "./producer.ts";
import { openMemoryReader } from "./reader.ts";

export interface MemoryLogOptions {
	broker?: MemoryBroker;
	/** The process's clock. Default: the broker's. */
	clock?: Clock;
	/** Default: a direct network. */
	network?: Network;
}

/** Opens a log in memory. What is written to its broker lives as long as the broker. */
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
		ends: (topic) => network.request("offsets", () => topics.ends(topic)),
		topicId: (topic) =>
			network.request("topic-id", () => topics.topicId(topic)),
		read: (readOptions) =>
			openMemoryReader(broker, network, clock, readOptions),
		member: (groupOptions) =>
			new MemoryGroupMember(broker, network, clock, groupOptions),
		groupMembers: (groupId) =>
			network.request("group-members", () => broker.groupMembers(groupId)),
		transactionalProducer: (id, timeoutMs) =>
			new MemoryTransactionalProducer(broker, network, clock, id, timeoutMs),
		append: (topic, record) =>
			network.request("append", () => {
				topics.append(topic, record.partition, [record]);
			}),
		close: async () => {},
	};
}
