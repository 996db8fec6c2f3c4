import { map, type Stream } from "@fireworks/streams";
import { expect, test } from "vitest";
import { z } from "zod";
import {
	DefinitionError,
	definePipeline,
	defineSource,
	defineStream,
	isPipeline,
} from "../src/index.ts";

const schema = z.object({ t: z.int() });
const stream = (name: string) =>
	defineStream({ name, schema, time: { path: "t", unit: "ms" } });
const copy = (input: Stream<{ t: number }>, output: Stream<{ t: number }>) =>
	map({ name: "copy", input, output, map: ({ value }) => ({ value }) });

test("a pipeline without sources and stages only describes its streams", () => {
	const streams = [stream("a")];
	const pipeline = definePipeline({ name: "p", streams });
	expect([isPipeline(pipeline), isPipeline({ ...pipeline })]).toEqual([
		true,
		false,
	]);
	expect(pipeline).toEqual({
		name: "p",
		streams,
		sources: [],
		stages: [],
	});
});

test("all problems at once", () => {
	const [a, b] = [stream("a"), stream("b")];
	const source = defineSource({
		name: "s",
		output: b,
		poll: async () => ({ records: [], position: {} }),
	});
	const define = () =>
		definePipeline({
			name: "No Name",
			streams: [a, a],
			sources: [source, source],
			stages: [copy(a, b)],
		});
	expect(define).toThrow(DefinitionError);
	try {
		define();
	} catch (error) {
		expect((error as DefinitionError).problems.map((p) => p.at)).toEqual([
			"name",
			"streams.a",
			"sources.s",
			"sources.s",
			"sources.s",
			"stages.copy",
		]);
	}
});

test("a stage may read another pipeline's stream", () => {
	const a = stream("a");
	expect(
		definePipeline({
			name: "p",
			streams: [a],
			stages: [copy(stream("wiener"), a)],
		}).stages,
	).toHaveLength(1);
});

test("a source begins only after earlier ones", () => {
	const a = stream("a");
	const source = (name: string, after: string[]) =>
		defineSource({
			...{ name, after, output: a },
			poll: async () => ({ records: [], position: {}, done: true }),
		});
	const define = (...sources: ReturnType<typeof source>[]) =>
		definePipeline({ name: "p", streams: [a], sources });
	expect(define(source("x", []), source("y", ["x"])).sources).toHaveLength(2);
	for (const after of ["y", "z", "x"])
		expect(() => define(source("x", [after]), source("y", []))).toThrow(
			`it begins after ${after}, which is not an earlier source`,
		);
});
