/** Reads a record of `wiener` into the form in which it is compared. */
import { isUtf8 } from "node:buffer";
import type { LogRecord } from "./types.ts";

/** The numbers of a device's record that follow from an applied tick. */
export interface PathNumbers {
	readonly timestamp: number;
	readonly dt: number;
	readonly increment: number;
	readonly value: number;
	readonly drift: number;
	readonly volatility: number;
}

/** A record that must follow from a tick. offset: the tick's. */
export interface Expected extends PathNumbers {
	readonly offset: number;
	readonly seq: number;
}

/** A record that was read. offset: its own. */
export interface Found extends PathNumbers {
	readonly offset: number;
	readonly seq: number;
	/** The DeviceID in the value, which should equal the key. */
	readonly deviceId: string;
	/** The record's own timestamp, which should be the event time. */
	readonly recordTimestamp: number;
}

const NUMBERS = [
	"seq",
	"timestamp",
	"dt",
	"increment",
	"value",
	"drift",
	"volatility",
] as const;

/**
 * Reads a record's value, or returns why it cannot be read.
 *
 * It accepts more than a consumer should (a negative dt, a timestamp that is not an integer). A
 * record that can be compared leads to a finding that names the wrong field, which is more useful
 * than "something is wrong".
 */
export function readPathRecord({
	offset,
	value,
	timestamp: recordTimestamp,
}: LogRecord): Found | string {
	if (value === null) return "no value";
	if (!isUtf8(value)) return "not UTF-8";
	let json: unknown;
	try {
		json = JSON.parse(value.toString("utf8"));
	} catch {
		return "not JSON";
	}
	if (typeof json !== "object" || json === null) return "not an object";
	const fields = json as Record<string, unknown>;
	if (typeof fields.deviceId !== "string") return "deviceId is not a string";
	for (const name of NUMBERS) {
		if (!Number.isFinite(fields[name])) return `${name} is not a number`;
	}
	const numbers = fields as unknown as Record<(typeof NUMBERS)[number], number>;
	const { seq, timestamp, dt, increment, drift, volatility } = numbers;
	if (!Number.isSafeInteger(seq) || seq < 0) return "seq is not a whole number";
	return {
		offset,
		deviceId: fields.deviceId,
		recordTimestamp,
		seq,
		timestamp,
		dt,
		increment,
		value: numbers.value,
		drift,
		volatility,
	};
}
