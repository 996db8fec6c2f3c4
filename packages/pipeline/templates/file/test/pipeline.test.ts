import { recordDecoder, validatorOf } from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { file } from "../source.ts";
import { readings } from "../streams.ts";

test("every line is a valid reading, and no line comes twice", async () => {
	const { signal } = new AbortController();
	const { records, position } = await file.poll(undefined, signal);
	const { description } = readings;
	const decoder = recordDecoder(description, {
		validate: validatorOf(description.schema),
	});
	expect(records.map((one) => decoder.json(one, 0).record?.key)).toEqual([
		"a",
		"b",
		"a",
	]);
	expect((await file.poll(position, signal)).records).toEqual([]);
});
