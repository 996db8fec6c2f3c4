/**
 * The life of a task, as a total table: for each state and event the next state, or why that cannot be.
 *
 *   assigned    the partition is ours by a join; the earlier owner is being fenced, the barrier written
 *   restoring   the changelog is read from its start to the barrier
 *   running     records are processed
 *   suspended   the group rebalances: nothing is processed until a join says whose the partition is
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

/** An event that cannot come in a state: the runtime is wrong where it does. */
const IMPOSSIBLE = null;

export const TASK_TABLE: Readonly<
	Record<TaskState, Readonly<Record<TaskEvent, TaskState | null>>>
> = {
	assigned: {
		"barrier-written": "restoring",
		restored: IMPOSSIBLE,
		// Fencing and restoring need no group: they go on while it rebalances.
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
		// A join that nothing announced: kafkajs rejoins by itself when metadata is stale.
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
		// What was under way when the task closed comes to nothing.
		"barrier-written": "closed",
		restored: "closed",
		rebalancing: "closed",
		kept: "closed",
		lost: "closed",
		failed: "closed",
	},
};

/** The state after an event. Throws where the table has none. */
export function nextTaskState(state: TaskState, event: TaskEvent): TaskState {
	const next = TASK_TABLE[state][event];
	if (next === IMPOSSIBLE)
		throw new Error(`a task that is ${state} cannot meet "${event}"`);
	return next;
}
