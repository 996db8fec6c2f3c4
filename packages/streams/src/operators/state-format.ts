/** How a part of a state is kept as JSON: by one schema, or by one for each version. */
import { z } from "zod";
import { jsonState } from "../stage/json-state.ts";

export interface StateFormat<S> {
	/** Throws if the state would not come back the same from the changelog. */
	check(state: S): void;
	toJson(state: S): unknown;
	/** Throws if the JSON is not a state. */
	fromJson(json: unknown): S;
}

/** The format of a schema. A format is passed through. */
export const formatOf = <S>(
	state: z.ZodType<S> | StateFormat<S>,
): StateFormat<S> =>
	state instanceof z.ZodType
		? {
				check: jsonState(state).check,
				toJson: (value) => value,
				fromJson: (json) => state.parse(json),
			}
		: state;
