/**
 * Parses and checks a server's frame of `fireworks.v1`. The test compares it with the schemas in
 * packages/contracts: it rejects everything that they reject.
 */
import type { ServerFrame } from "@fireworks/contracts";
import {
	type Checks,
	COMMON_CHECKS,
	checkedFrame,
	type Fields,
	isColumn,
	isCount,
	isIndex,
	isList,
	isNumber,
	isObject,
	isProblem,
	isRecordOf,
	isText,
} from "./checks.ts";

/** Names or units of the numbers, by column; a stream of Wiener records has none. */
const isLabels = (x: unknown): boolean =>
	x === undefined || isRecordOf(x, isText);

function isColumns(x: unknown): boolean {
	if (!isObject(x)) return false;
	const { device, seq, timestamp, dt, increment, value } = x;
	return (
		isColumn(device, isIndex) &&
		isColumn(seq, isIndex) &&
		[timestamp, dt, increment, value].every((column) =>
			isColumn(column, isNumber),
		) &&
		[seq, timestamp, dt, increment, value].every(
			(column) => (column as number[]).length === device.length,
		)
	);
}

const isDevice = (x: unknown): boolean =>
	isObject(x) &&
	isIndex(x.index) &&
	isText(x.deviceId) &&
	isNumber(x.drift) &&
	isNumber(x.volatility);

const isEvents = (f: Fields): boolean =>
	(f.stream === undefined || isText(f.stream)) &&
	isText(f.position) &&
	isNumber(f.sentAt) &&
	isColumns(f.columns);

const isRefused = (x: unknown): boolean =>
	isObject(x) &&
	isText(x.deviceId) &&
	isText(x.code) &&
	isCount(x.count) &&
	isNumber(x.since) &&
	(x.acceptedMs === null || isNumber(x.acceptedMs));

const CHECKS: Checks<ServerFrame> = {
	...COMMON_CHECKS,
	hello: (f) =>
		f.protocol === "fireworks.v1" &&
		isNumber(f.serverTime) &&
		isText(f.engine) &&
		isIndex(f.deviceCount) &&
		isCount(f.batchMs) &&
		isCount(f.pingMs) &&
		isText(f.oldest) &&
		isText(f.newest) &&
		isLabels(f.names) &&
		isLabels(f.units),
	devices: (f) => isList(f.devices, isDevice),
	snapshot: isEvents,
	batch: isEvents,
	problems: (f) =>
		isIndex(f.refusedDevices) &&
		isList(f.records, isProblem) &&
		isList(f.refused, isRefused),
};

/** Undefined for a type that this version does not know. Throws BadFrame for a wrong frame. */
export const parseFrame = (data: unknown): ServerFrame | undefined =>
	checkedFrame(data, CHECKS);
