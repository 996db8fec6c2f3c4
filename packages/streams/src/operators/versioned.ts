/**
 * States that can change their shape without a reset. Each is stored with the version of its
 * schema, and an older one is migrated, version by version, when it is read.
 */
import type { z } from "zod";
import { jsonState } from "../stage/json-state.ts";
import type { StateFormat } from "./state-format.ts";

const VERSION = "@version";

export interface VersionedDefinition<S> {
	/** The schema of version 1, of version 2 and so on. Append, never change. */
	readonly schemas: readonly [...z.ZodType[], z.ZodType<S>];
	/** migrate[0] makes a state of version 2 from one of version 1, and so on. */
	readonly migrate: readonly ((old: never) => unknown)[];
}

/** It is an operator's accumulator, or replaces the `state` of a hand-written stage. */
export interface Versioned<S> extends StateFormat<S> {
	encode(state: S): string;
	decode(key: string, text: string): S;
}

/** A state without a version is one of version 1, so any stage can begin with this. */
export function versioned<S>({
	schemas,
	migrate,
}: VersionedDefinition<S>): Versioned<S> {
	const newest = schemas.length;
	if (migrate.length !== newest - 1)
		throw new Error(
			`${newest} versions need ${newest - 1} migrations, not ${migrate.length}`,
		);
	const { check } = jsonState(schemas[newest - 1] as z.ZodType<S>);
	const fromJson = (json: unknown): S => {
		const [version, stored] = partsOf(json);
		if (version > newest)
			throw new Error(
				`the state has version ${version}, and this program knows versions up to ${newest}: run the newer program again, or reset the stage`,
			);
		let state: unknown = (schemas[version - 1] as z.ZodType).parse(stored);
		for (let v = version; v < newest; v++) {
			const next = migrate[v - 1]?.(state as never);
			const parsed = (schemas[v] as z.ZodType).safeParse(next);
			if (!parsed.success)
				throw new Error(
					`the migration from version ${v} to ${v + 1} returned a state that does not fit: ${parsed.error.message}`,
				);
			state = parsed.data;
		}
		return state as S;
	};
	const toJson = (state: S) => ({ [VERSION]: newest, state });
	return {
		check,
		toJson,
		fromJson,
		encode: (state) => {
			check(state);
			return JSON.stringify(toJson(state));
		},
		decode: (_key, text) => fromJson(JSON.parse(text)),
	};
}

function partsOf(json: unknown): [version: number, state: unknown] {
	if (typeof json !== "object" || json === null || !(VERSION in json))
		return [1, json];
	const { [VERSION]: version, state } = json as Record<string, unknown>;
	if (!Number.isSafeInteger(version) || (version as number) < 1)
		throw new Error(`the state has the version ${JSON.stringify(version)}`);
	return [version as number, state];
}
