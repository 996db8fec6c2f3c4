/**
 * Decides which bytes are a tick. Every engine must agree on that byte for byte
 * (vectors/tick-vectors.jsonl). Otherwise a device's path would depend on the engine that computes
 * it.
 *
 * Written by hand, as it runs for every record of the busiest stage. `tick-schema.ts` states the
 * same rules as a schema, and a property test checks that the two agree.
 */
import { isUtf8 } from "node:buffer";
import { Refused } from "./refused.ts";
import { sameUtf8 } from "./same-utf8.ts";

/** One tick of one device's clock. No number in it is -0. */
export interface Tick {
	/** 1 to 128 code points, without control characters or lone surrogates. */
	readonly deviceId: string;
	/** The tick's sequence number, 0 to 2^53-1. */
	readonly seq: number;
	/** Event time, ms since 1970, 0 to 8.64e15. */
	readonly timestamp: number;
	/** 1/s, finite. */
	readonly drift: number;
	/** 1/sqrt(s), finite, not negative. */
	readonly volatility: number;
}

export const DEVICE_ID_CODE_POINTS_MAX = 128;
/** The last millisecond that a JavaScript Date can hold. */
export const TIMESTAMP_MAX = 8.64e15;

/**
 * Parses the tick in a record of `metronome`. Unknown fields are ignored, -0 becomes 0.
 *
 * The caller checks whether the record is in its key's partition (`partitionOf`), as it can
 * remember the partition of each device.
 *
 * @throws Refused with no-value, bad-encoding, bad-json, bad-field or bad-key: the first that
 * applies
 */
export function parseTick(key: Buffer | null, value: Buffer | null): Tick {
	const fields = parseObject(value);
	const deviceId = deviceIdOf(fields.deviceId);
	const tick: Tick = {
		deviceId,
		seq: integer("seq", fields.seq, Number.MAX_SAFE_INTEGER),
		timestamp: integer("timestamp", fields.timestamp, TIMESTAMP_MAX),
		drift: finite("drift", fields.drift, -Number.MAX_VALUE),
		volatility: finite("volatility", fields.volatility, 0),
	};
	if (key === null || !sameUtf8(key, deviceId)) {
		throw new Refused("bad-key", "the record's key is not its deviceId");
	}
	return tick;
}

type Fields = { readonly [K in keyof Tick]?: unknown };

function parseObject(value: Buffer | null): Fields {
	if (value === null || value.length === 0) {
		throw new Refused("no-value", "the record has no value");
	}
	if (!isUtf8(value)) {
		throw new Refused("bad-encoding", "the value is not UTF-8");
	}
	if (value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf) {
		throw new Refused(
			"bad-encoding",
			"the value begins with a byte order mark",
		);
	}
	let json: unknown;
	try {
		json = JSON.parse(value.toString("utf8"));
	} catch (cause) {
		const { message } = cause as SyntaxError;
		throw new Refused("bad-json", message, { cause });
	}
	if (typeof json !== "object" || json === null || Array.isArray(json)) {
		throw new Refused("bad-json", "the value is not a JSON object");
	}
	return json;
}

function deviceIdOf(x: unknown): string {
	if (typeof x !== "string" || x.length === 0) return badDeviceId();
	let codePoints = 0;
	for (let i = 0; i < x.length; i++) {
		const unit = x.charCodeAt(i);
		if (unit < 0x20 || unit === 0x7f) return badDeviceId();
		if (unit >= 0xd800 && unit <= 0xdfff) {
			const next = x.charCodeAt(++i); // NaN past the end
			const isPair = unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff;
			if (!isPair) return badDeviceId();
		}
		codePoints++;
	}
	return codePoints <= DEVICE_ID_CODE_POINTS_MAX ? x : badDeviceId();
}

function badDeviceId(): never {
	throw new Refused(
		"bad-field",
		`deviceId: a string of 1 to ${DEVICE_ID_CODE_POINTS_MAX} code points without control characters or lone surrogates`,
	);
}

function integer(name: string, x: unknown, max: number): number {
	if (typeof x === "number" && x >= 0 && x <= max && Math.floor(x) === x) {
		return x + 0; // -0 + 0 is 0
	}
	throw new Refused("bad-field", `${name}: an integer from 0 to ${max}`);
}

function finite(name: string, x: unknown, min: number): number {
	// JSON.parse reads 1e400 as Infinity.
	if (typeof x === "number" && x >= min && x <= Number.MAX_VALUE) return x + 0;
	throw new Refused(
		"bad-field",
		`${name}: a finite number from ${min} to ${Number.MAX_VALUE}`,
	);
}
