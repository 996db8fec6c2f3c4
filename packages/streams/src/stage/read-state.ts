/** Reads the state of a key where its partition is processed. */
import type { GroupMember } from "../log.ts";
import { partitionOfKey } from "./partition-of-text.ts";
import type { StageRuntime } from "./runtime.ts";
import type { TaskState } from "./task-state.ts";

/** What a process says when it is asked for the state of a key. */
export type StateRead =
	| {
			readonly where: "here";
			readonly partition: number;
			/** As text, as in the changelog; null: the key has none. All of it is committed. */
			readonly state: string | null;
			/** The next offset of each input: what came before is in the state. */
			readonly position: readonly number[];
			/** Number of input records known to exist and not in the state yet. */
			readonly lag: number;
	  }
	| { readonly where: "elsewhere"; readonly partition: number }
	/** It may be here, but cannot be said now. */
	| { readonly where: "unknown"; readonly reason: string };

/** A task, as far as reading needs it. */
interface ReadableTask {
	readonly state: TaskState;
	read(
		key: string,
	): Promise<
		| { state: string | null; position: readonly number[]; lag: number }
		| undefined
	>;
}

/** tasks: by partition. The key must be the one by which the inputs are partitioned. */
export async function readState(
	{
		prepared,
		clock,
		options,
	}: Pick<
		StageRuntime<unknown, unknown, unknown>,
		"prepared" | "clock" | "options"
	>,
	member: Pick<GroupMember, "lastSignOfLife">,
	tasks: ReadonlyMap<number, ReadableTask>,
	key: string,
): Promise<StateRead> {
	const partition = partitionOfKey(key, prepared.current.partitions);
	const task = tasks.get(partition);
	if (task === undefined) return { where: "elsewhere", partition };
	const found = await task.read(key);
	if (found === undefined)
		return {
			where: "unknown",
			reason: `partition ${partition} is ${task.state}`,
		};
	// Another process could have the partition by now.
	const silentMs = clock.now() - member.lastSignOfLife();
	if (silentMs >= options.sessionTimeoutMs)
		return {
			where: "unknown",
			reason: `the group was not reached for ${silentMs} ms`,
		};
	return { where: "here", partition, ...found };
}
