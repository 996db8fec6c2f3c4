/** What is wrong with a stream's description: every problem at once, each with its place. */
import { fieldAt, pathsOf, typesOf } from "../schema/json-schema.ts";
import { RECORD_TIMESTAMP } from "../time/time-spec.ts";
import { isZone } from "../time/zone.ts";
import {
	MEASURES_MAX,
	type StreamDescription,
	TOPIC_NAME,
} from "./description.ts";

export interface DefinitionProblem {
	/** The place in the definition, such as `key` or `measures.wind`. */
	readonly at: string;
	readonly problem: string;
}

/** The definition is wrong. `problems` lists every problem. */
export class DefinitionError extends Error {
	override readonly name = "DefinitionError";
	readonly problems: readonly DefinitionProblem[];

	constructor(what: string, problems: readonly DefinitionProblem[]) {
		super(
			`${what}: ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}\n${problems.map(({ at, problem }) => `  ${at}: ${problem}`).join("\n")}`,
		);
		this.problems = problems;
	}
}

/** Topics that Fireworks itself writes in another format. */
const RESERVED = new Set([
	"fireworks-catalog",
	"dead-letter",
	"ingest-requests",
	"ingest-claims",
]);

export function problemsOf(d: StreamDescription): DefinitionProblem[] {
	return [...nameProblems(d.name), ...schemaProblems(d)];
}

export function nameProblems(name: string, at = "name"): DefinitionProblem[] {
	if (!TOPIC_NAME.test(name) || name === "." || name === "..")
		return [
			{
				at,
				problem: `${JSON.stringify(name)} is not a topic name: use 1 to 249 of a-z A-Z 0-9 . _ -`,
			},
		];
	return RESERVED.has(name)
		? [
				{
					at,
					problem: `${name} is a topic of Fireworks itself: choose another name`,
				},
			]
		: [];
}

function schemaProblems(d: StreamDescription): DefinitionProblem[] {
	const types = typesOf(d.schema);
	if (types.size !== 1 || !types.has("object"))
		return [
			{
				at: "schema",
				problem: `records are JSON objects, but the schema says ${[...types].join(" or ")}: use z.object({ ... })`,
			},
		];
	const problems: DefinitionProblem[] = [];
	const expect = (
		at: string,
		path: string,
		allowed: readonly string[],
		{ always }: { always: boolean },
	) => {
		const field = fieldAt(d.schema, path);
		const report = (problem: string) => problems.push({ at, problem });
		if (field === undefined) {
			report(
				`the schema has no field ${path}: it has ${pathsOf(d.schema).join(", ") || "none"}`,
			);
			return;
		}
		const wrong = [...field.types].filter((type) => !allowed.includes(type));
		if (wrong.length > 0 || field.types.size === 0)
			report(
				`${path} is ${wrong.join(" or ") || "null"}, but must be ${allowed.join(" or ")}`,
			);
		if (always && (field.nullable || field.optional))
			report(
				`${path} can be ${field.nullable ? "null" : "absent"}, but every record needs it`,
			);
	};
	if (d.key !== null)
		expect("key", d.key, ["string", "integer", "boolean"], { always: true });
	if (d.time !== RECORD_TIMESTAMP) {
		const allowed = "unit" in d.time ? ["integer", "number"] : ["string"];
		expect("time", d.time.path, allowed, { always: true });
		if ("zone" in d.time && !isZone(d.time.zone))
			problems.push({
				at: "time",
				problem: `${JSON.stringify(d.time.zone)} is not a time zone: use a name such as Europe/Berlin`,
			});
	}
	const measures = Object.keys(d.measures);
	for (const path of measures)
		expect(`measures.${path}`, path, ["number", "integer"], { always: false });
	if (measures.length > MEASURES_MAX)
		problems.push({
			at: "measures",
			problem: `${measures.length} measures are more than ${MEASURES_MAX}`,
		});
	return problems;
}
