/**
 * The lifecycle of a task, as a total table: for each state and event the next state, or that the
 * event is impossible.
 *
 *   assigned    ours by a join; the earlier owner is being fenced, the barrier written
 *   restoring   the changelog is read from its start to the barrier
 *   running     records are processed
 *   suspended   the group rebalances: nothing is processed until a join says who has the partition
 *   closed      the end: the producer and the state are dropped
 *
 * The invariants are in SPEC.md.
 */
export const TASK_STATES = [
	"assigned",
	"restoring",
	"running",
	"suspended",
	"closed",
] as const;
export const TASK_EVENTS = [
	"barrier-written",
	"restored",
	"rebalancing",
	"kept",
	"lost",
	"failed",
] as const;

export type TaskState = (typeof TASK_STATES)[number];
export type TaskEvent = (typeof TASK_EVENTS)[number];

/** An event that cannot happen in a state. If it does, the runtime has a bug. */
const IMPOSSIBLE = null;

export const TASK_TABLE: Readonly<
	Record<TaskState, Readonly<Record<TaskEvent, TaskState | null>>>
> = {
	assigned: {
		"barrier-written": "restoring",
		restored: IMPOSSIBLE,
		// Fencing and restoring do not need the group, so they continue while it rebalances.
		rebalancing: "assigned",
		kept: "assigned",
		lost: "closed",
		failed: "closed",
	},
	restoring: {
		"barrier-written": IMPOSSIBLE,
		restored: "running",
		rebalancing: "restoring",
		kept: "restoring",
		lost: "closed",
		failed: "closed",
	},
	running: {
		"barrier-written": IMPOSSIBLE,
		restored: IMPOSSIBLE,
		rebalancing: "suspended",
		// A join without an announced rebalance: kafkajs rejoins by itself when metadata is stale.
		kept: "running",
		lost: "closed",
		failed: "closed",
	},
	suspended: {
		"barrier-written": IMPOSSIBLE,
		restored: IMPOSSIBLE,
		rebalancing: "suspended",
		kept: "running",
		lost: "closed",
		failed: "closed",
	},
	closed: {
		// Work that was in progress when the task closed has no effect.
		"barrier-written": "closed",
		restored: "closed",
		rebalancing: "closed",
		kept: "closed",
		lost: "closed",
		failed: "closed",
	},
};

/** The state after an event. Throws if the table has none. */
export function nextTaskState(state: TaskState, event: TaskEvent): TaskState {
	const next = TASK_TABLE[state][event];
	if (next === IMPOSSIBLE)
		throw new Error(`a task that is ${state} cannot meet "${event}"`);
	return next;
}
