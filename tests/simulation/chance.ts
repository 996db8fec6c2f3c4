/**
 * Events at random times, independent of requests: processors come and go, the group rebalances for
 * no reason, strange input arrives.
 */
import type { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import type { Random } from "../../packages/streams/src/memory/random.ts";
import type { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import type { Slot } from "./slot.ts";
import type { StrangeInput } from "./strange-input.ts";
import type { Trace } from "./trace.ts";
import { GROUP, RUN_MS, TOPICS } from "./world.ts";

interface ChanceOptions {
	broker: MemoryBroker;
	time: VirtualTime;
	random: Random;
	trace: Trace;
	processors: readonly Slot[];
	strange: StrangeInput;
}

/** Draws all these events, for the time of the faults. */
export function scheduleChance(options: ChanceOptions): void {
	const { broker, time, random, trace, processors, strange } = options;
	const times = (max: number, what: string, happen: () => void) => {
		for (let n = random.between(0, max); n > 0; n--)
			time.after(random.between(0, RUN_MS.faults), () => {
				trace.count(what);
				happen();
			});
	};
	times(5, "scale", () => {
		const slot = random.pick(processors);
		if (slot.wanted) slot.stop();
		else slot.start();
	});
	const { inputs, changelog } = TOPICS.processor;
	times(3, "rebalance", () =>
		broker.group(GROUP, [...inputs, changelog.name]).rebalance(),
	);
	times(6, "strange input", () => strange.write());
}
