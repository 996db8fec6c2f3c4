/**
 * States as JSON, checked by a zod schema. A state is checked when a step returns it: one that
 * could not be read back would otherwise be noticed only at the next restart, when the changelog
 * already holds it and the stage refuses it forever.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

export interface JsonState<S> {
	encode(state: S): string;
	decode(key: string, text: string): S;
	/** Throws, naming the field, if the state would not be the same after a restart. */
	check(state: S): void;
}

/** Only for zod schemas that accept what they return, so no transforms, dates or bigints. */
export function jsonState<S>(schema: z.ZodType<S>): JsonState<S> {
	const decode = (_key: string, text: string): S =>
		schema.parse(JSON.parse(text));
	const plain = acceptsOnlyJson(schema);
	return {
		encode: (state) => JSON.stringify(state),
		decode,
		check: (state) => {
			const parsed = schema.safeParse(state);
			if (!parsed.success)
				throw new Error(
					`the step returned a state that its schema rejects: ${problems(parsed.error)}`,
				);
			const back = plain ? parsed.data : throughJson(schema, state);
			const field = differs(state, back, "");
			if (field !== undefined)
				throw new Error(
					`the step returned a state that would be another one after a restart: ${field}`,
				);
		},
	};
}

function throughJson<S>(schema: z.ZodType<S>, state: S): S {
	let json: unknown;
	try {
		json = JSON.parse(JSON.stringify(state) ?? "null");
	} catch (error) {
		throw new Error(
			`the step returned a state that JSON cannot hold: ${(error as Error).message}`,
			{ cause: error },
		);
	}
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	throw new Error(
		`the step returned a state that its schema rejects once it is read back from JSON: ${problems(parsed.error)}`,
	);
}

const problems = (error: z.ZodError): string =>
	error.issues
		.map(({ path, message }) =>
			path.length === 0 ? message : `field ${path.join(".")}: ${message}`,
		)
		.join("; ");

/**
 * Whether everything that the schema accepts is JSON. Then a value that it returns unchanged comes
 * back unchanged from a changelog, and the detour through text can be spared.
 */
function acceptsOnlyJson(schema: z.ZodType): boolean {
	try {
		return isClosed(z.toJSONSchema(schema));
	} catch {
		return false;
	}
}

/** Whether no part of a JSON Schema is empty, which stands for any value. */
function isClosed(part: unknown): boolean {
	if (Array.isArray(part)) return part.every(isClosed);
	if (typeof part !== "object" || part === null) return true;
	const entries = Object.entries(part).filter(([key]) => key !== "$schema");
	if (entries.length === 0) return false;
	return entries.every(([key, inner]) =>
		key === "properties" || key === "$defs"
			? Object.values(inner as object).every(isClosed)
			: key === "const" ||
				key === "enum" ||
				key === "default" ||
				isClosed(inner),
	);
}

/** The first place in which two states differ; undefined: none. An absent field is undefined. */
function differs(a: unknown, b: unknown, path: string): string | undefined {
	if (Object.is(a, b)) return undefined;
	if (a === 0 && b === 0) return undefined;
	if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
		for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
			const found = differs(
				a[key],
				b[key],
				path === "" ? key : `${path}.${key}`,
			);
			if (found !== undefined) return found;
		}
		const proto = Object.getPrototypeOf(a);
		if (Array.isArray(a) || proto === Object.prototype || proto === null)
			return undefined;
		if (isDeepStrictEqual(a, b)) return undefined;
	}
	return `${path === "" ? "it" : `field ${path}`} is ${show(a)}, and would be ${show(b)}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null;

const SHOWN_MAX = 100;
const show = (value: unknown): string => {
	if (value === undefined) return "absent";
	if (typeof value === "bigint") return `${value}n`;
	const text =
		typeof value === "number"
			? String(value)
			: (JSON.stringify(value) ?? String(value));
	return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
};
