/** For the tests of stages: a test driver, and the in-memory log that it runs on. */
export { MemoryBroker, type MemoryBrokerOptions } from "../memory/broker.ts";
export { type MemoryLogOptions, memoryLog } from "../memory/memory-log.ts";
export { directNetwork, type Network } from "../memory/network.ts";
export { Random } from "../memory/random.ts";
export {
	type TopologyDriver,
	topologyDriver,
} from "../operators/topology-driver.ts";
export type {
	TestDeadLetter,
	TestDriverOptions,
	TestInput,
	TestOutput,
} from "./driver-records.ts";
export { type TestDriver, testDriver } from "./test-driver.ts";
export { VirtualTime } from "./virtual-time.ts";
