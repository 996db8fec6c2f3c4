/** A tick as a schema, for the published JSON Schema and for those who build ticks. The hot path is `parseTick`, which says the same. */
import { z } from "zod";
import { DEVICE_ID_CODE_POINTS_MAX, TIMESTAMP_MAX, type Tick } from "./tick.ts";

/**
 * No control characters, no lone surrogates. The length is part of the pattern, as zod's own would count UTF-16 units where the
 * contract (and JSON Schema) count code points.
 */
const DEVICE_ID = new RegExp(
	`^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]{1,${DEVICE_ID_CODE_POINTS_MAX}}$`,
	"u",
);

/** A schema's result may be -0 where the input was; `parseTick` gives 0. The contract takes them for the same. */
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
