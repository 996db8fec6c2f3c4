import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	jsonTexts,
	NotJson,
	ndjsonTexts,
	type RecordText,
} from "../../src/records/split.ts";

const textsOf = (texts: Iterable<RecordText>) =>
	[...texts].map(({ line, bytes }) => [line, String(bytes)]);
const json = (text: string) => textsOf(jsonTexts(Buffer.from(text)));
const ndjson = (text: string) => textsOf(ndjsonTexts(Buffer.from(text)));

describe("JSON", () => {
	test.each([
		['{"a":1}', [[1, '{"a":1}']]],
		[' \n{"a": [1, 2]}\n', [[1, '{"a": [1, 2]}']]],
		["[]", []],
		["[ ]", []],
		['\uFEFF[{"a":1.10}]', [[1, '{"a":1.10}']]],
		[
			'[ {"a":"],[\\"{"} ,\n{"b":[{}]},3]',
			[
				[1, '{"a":"],[\\"{"}'],
				[2, '{"b":[{}]}'],
				[3, "3"],
			],
		],
		// An empty element is for the parser to refuse.
		[
			"[1,]",
			[
				[1, "1"],
				[2, ""],
			],
		],
	])("%s", (text, expected) => {
		expect(json(text)).toEqual(expected);
	});

	test.each(["", "7", '"a"', "[", '["]', "[1] 2", "[}]", "[1]]", '[{"a":"]'])(
		"%s is not an object or an array",
		(text) => {
			expect(() => json(text)).toThrow(NotJson);
		},
	);

	test("any array is split into the texts of its elements", () => {
		const layout = fc.constantFrom(undefined, 1, "\t");
		fc.assert(
			fc.property(fc.array(fc.jsonValue()), layout, (values, indent) => {
				const texts = json(JSON.stringify(values, null, indent));
				expect(texts.map(([, text]) => JSON.parse(String(text)))).toEqual(
					JSON.parse(JSON.stringify(values)),
				);
			}),
		);
	});

	test("what is not JSON never splits into texts that all are", () => {
		const characters = fc.constantFrom(...'[]{},:"\\ 1a\n');
		fc.assert(
			fc.property(fc.string({ unit: characters }), (text) => {
				const parses = (one: string) => {
					try {
						JSON.parse(one);
						return true;
					} catch {
						return false;
					}
				};
				let split: ReturnType<typeof json>;
				try {
					split = json(text);
				} catch {
					return;
				}
				if (split.every(([, one]) => parses(String(one))))
					expect(parses(text)).toBe(true);
			}),
			{ numRuns: 2_000 },
		);
	});
});

test("NDJSON: lines without their ends, with their numbers; empty ones are left out", () => {
	expect(ndjson('\uFEFF{"a":1}\r\n\n  {"b":2} \nbad')).toEqual([
		[1, '{"a":1}'],
		[3, '{"b":2}'],
		[4, "bad"],
	]);
	expect(ndjson("")).toEqual([]);
	expect(ndjson("\n\r\n")).toEqual([]);
});
