/**
 * Checks that a process takes a partition only by a join that came after its last failure. A
 * process that fences again and again without asking the group fences the rightful owner; that one
 * does the same, and this never ends. The checker watches the log that a process uses.
 */
import type { Log } from "../../packages/streams/src/log.ts";
import { Violation } from "./violation.ts";

/** The same log, watched. onViolation: called at once. */
export function watchJoins(
	log: Log,
	name: string,
	onViolation: (violation: Violation) => void,
): Log {
	let joined = false;
	let failure: string | undefined;
	return {
		...log,
		member: (options) => {
			const member = log.member(options);
			const start = member.start.bind(member);
			member.start = (handlers) =>
				start({
					...handlers,
					onAssigned: (partitions) => {
						joined = true;
						handlers.onAssigned(partitions);
					},
				});
			return member;
		},
		transactionalProducer: (id, timeoutMs) => {
			const producer = log.transactionalProducer(id, timeoutMs);
			let first = true;
			return {
				transact: async (records) => {
					if (first && !joined)
						onViolation(
							new Violation(
								"joins",
								`${name} takes ${id} without a join after: ${failure ?? "its start"}`,
							),
						);
					first = false;
					try {
						return await producer.transact(records);
					} catch (error) {
						joined = false;
						failure = (error as Error).message;
						throw error;
					}
				},
				close: () => producer.close(),
			};
		},
	};
}
