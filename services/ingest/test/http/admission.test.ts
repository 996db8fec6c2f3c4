import { expect, test } from "vitest";
import { Admission } from "../../src/http/admission.ts";
import { BODIES_BYTES_MAX, REQUESTS_MAX } from "../../src/limits.ts";

test("bounds the bytes; what a body does not need is free again", () => {
	const admission = new Admission();
	const place = admission.take(BODIES_BYTES_MAX);
	expect(admission.take(1)).toBeUndefined();
	place?.shrink(10);
	expect([admission.requests, admission.bytes]).toEqual([1, 10]);
	expect(admission.take(1)).toBeDefined();
	place?.release();
	place?.release();
	expect([admission.requests, admission.bytes]).toEqual([1, 1]);
});

test("bounds the requests, and says when none is left", async () => {
	const admission = new Admission();
	const places = Array.from({ length: REQUESTS_MAX }, () => admission.take(0));
	expect(admission.take(0)).toBeUndefined();
	const idle = admission.idle();
	for (const place of places) place?.release();
	await idle;
	await new Admission().idle();
});
