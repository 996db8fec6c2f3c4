/**
 * A stage whose states cannot be changed in place. A step that changes the state it receives works
 * by chance, until a record is refused or a restart brings the old state back; here it throws.
 */
import type { Stage, StepResult } from "../stage/stage.ts";

export function frozenStage<I, S, O>(stage: Stage<I, S, O>): Stage<I, S, O> {
	const frozen = (
		result: StepResult<S, O> | undefined,
	): StepResult<S, O> | undefined => {
		deepFreeze(result?.state);
		return result;
	};
	const { timeOf, recordTime, onTimer, broadcast } = stage;
	return {
		name: stage.name,
		config: stage.config,
		decode: (record, context) => stage.decode(record, context),
		keyOf: (input) => stage.keyOf(input),
		step: (state, input, context) => frozen(stage.step(state, input, context)),
		encodeOutput: (output) => stage.encodeOutput(output),
		state: {
			encode: (state) => stage.state.encode(state),
			decode: (key, text) => deepFreeze(stage.state.decode(key, text)),
		},
		...(timeOf === undefined
			? {}
			: { timeOf: (input) => timeOf.call(stage, input) }),
		...(recordTime === undefined
			? {}
			: { recordTime: (record) => recordTime.call(stage, record) }),
		...(onTimer === undefined
			? {}
			: {
					onTimer: (state, key, at, context) =>
						frozen(onTimer.call(stage, state, key, at, context)),
				}),
		...(stage.futureMaxMs === undefined
			? {}
			: { futureMaxMs: stage.futureMaxMs }),
		...(broadcast === undefined
			? {}
			: {
					broadcast: {
						topic: broadcast.topic,
						decode: (record) => deepFreeze(broadcast.decode(record)),
					},
				}),
		...(stage.sameKey === undefined ? {} : { sameKey: stage.sameKey }),
	};
}

/** Freezes plain objects and arrays. Others, such as typed arrays, cannot be frozen. */
function deepFreeze<T>(value: T): T {
	if (typeof value !== "object" || value === null || Object.isFrozen(value))
		return value;
	const proto = Object.getPrototypeOf(value);
	if (proto !== Object.prototype && proto !== Array.prototype && proto !== null)
		return value;
	Object.freeze(value);
	for (const inner of Object.values(value)) deepFreeze(inner);
	return value;
}
