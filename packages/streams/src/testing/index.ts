/** For the tests of stages: a driver, and the log in memory that it stands on. */
export { MemoryBroker, type MemoryBrokerOptions } from "../memory/broker.ts";
export { type MemoryLogOptions, memoryLog } from "../memory/memory-log.ts";
export { directNetwork, type Network } from "../memory/network.ts";
export { Random } from "../memory/random.ts";
export {
	type TestDeadLetter,
	type TestDriver,
	type TestDriverOptions,
	type TestInput,
	type TestOutput,
	testDriver,
} from "./test-driver.ts";
export { VirtualTime } from "./virtual-time.ts";
