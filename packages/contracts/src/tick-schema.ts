/**
 * A tick as a schema, for the published JSON Schema and for programs that build ticks. `parseTick`
 * implements the same rules for the hot path.
 */
import { z } from "zod";
import { DEVICE_ID_CODE_POINTS_MAX, TIMESTAMP_MAX, type Tick } from "./tick.ts";

/**
 * No control characters, no lone surrogates. The length is part of the pattern: zod's own length
 * check counts UTF-16 units, while the contract (and JSON Schema) count code points.
 */
const DEVICE_ID = new RegExp(
	`^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]{1,${DEVICE_ID_CODE_POINTS_MAX}}$`,
	"u",
);

/**
 * The schema keeps a -0 of the input; `parseTick` turns it into 0. The contract treats them as
 * equal.
 */
export const tickSchema = z.object({
	deviceId: z
		.string()
		.regex(DEVICE_ID)
		.describe("whose clock it is; the record's key"),
	seq: z
		.int()
		.min(0)
		.max(Number.MAX_SAFE_INTEGER)
		.describe("the tick's number; rises, may jump"),
	timestamp: z
		.int()
		.min(0)
		.max(TIMESTAMP_MAX)
		.describe("event time, ms since 1970"),
	drift: z.number().describe("1/s"),
	volatility: z.number().min(0).describe("1/sqrt(s)"),
}) satisfies z.ZodType<Tick>;
