/** Tests the part of the patch that keeps a stopped consumer from restarting. */
import { afterAll, describe } from "vitest";
import { bothKafkajs, fixesIn, type Insides } from "./both-kafkajs.ts";

const both = bothKafkajs();
afterAll(() => both.remove());
const fixes = fixesIn(both);

describe("runner", () => {
	const path = "consumer/runner.js";

	/** A runner whose join is in progress, and functions to end the join. */
	const joining = (Runner: Insides) => {
		const join = Promise.withResolvers<void>();
		const seen = { left: 0, crashes: 0 };
		const silent = {
			namespace: () => silent,
			debug() {},
			info() {},
			warn() {},
			error() {},
		};
		const runner = new Runner({
			logger: silent,
			consumerGroup: {
				connect: async () => {},
				joinAndSync: () => join.promise,
				leave: async () => {
					seen.left++;
				},
				cluster: { disconnect: async () => {} },
				getNodeIds: () => [],
			},
			instrumentationEmitter: { emit() {} },
			concurrency: 1,
			onCrash: () => {
				seen.crashes++;
			},
		});
		const started: Promise<void> = runner.start();
		return { runner, join, seen, started };
	};

	fixes(
		"one that is stopped while it joins leaves, instead of staying as a forgotten member",
		path,
		async (Runner) => {
			const { runner, join, seen, started } = joining(Runner);
			await runner.stop();
			join.resolve();
			await started;
			const stayed = runner.running;
			await runner.stop();
			return !stayed && seen.left === 1;
		},
	);

	fixes(
		"one that is stopped while it joins, and cannot join, is no crash",
		path,
		async (Runner) => {
			const { runner, join, seen, started } = joining(Runner);
			await runner.stop();
			join.reject(new Error("the coordinator is loading"));
			await started;
			return seen.crashes === 0;
		},
	);
});
