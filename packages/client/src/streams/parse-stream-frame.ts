/**
 * Parses and checks a server's frame of `fireworks.v2`. The test compares it with the schemas in
 * packages/contracts: it rejects everything that they reject.
 */
import type {
	StreamServerFrame,
	StreamsServerFrame,
} from "@fireworks/contracts";
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
} from "../checks.ts";

const isOptionalText = (x: unknown): boolean => x === undefined || isText(x);
const isNumberOrNull = (x: unknown): boolean => x === null || isNumber(x);

const isMeasure = (x: unknown): boolean =>
	isObject(x) &&
	!Array.isArray(x) &&
	isOptionalText(x.unit) &&
	isOptionalText(x.label);

const isShownStream = (x: unknown): boolean =>
	isObject(x) &&
	isText(x.name) &&
	(x.key === null || isText(x.key)) &&
	isRecordOf(x.measures, isMeasure) &&
	isCount(x.version);

const isKey = (x: unknown): boolean =>
	isObject(x) && isIndex(x.index) && (x.key === null || isText(x.key));

function isColumns(x: unknown): boolean {
	if (!isObject(x)) return false;
	const { key, timestamp, partition, offset, measures } = x;
	if (!isColumn(key, isIndex) || !isColumn(timestamp, isNumber)) return false;
	const { length } = key;
	// A server of an earlier version does not send them.
	const isPlace = (column: unknown): boolean =>
		column === undefined ||
		(isColumn(column, isIndex) && column.length === length);
	return (
		timestamp.length === length &&
		isPlace(partition) &&
		isPlace(offset) &&
		isRecordOf(
			measures,
			(column) => isColumn(column, isNumberOrNull) && column.length === length,
		)
	);
}

const isEvents = (f: Fields): boolean =>
	isOptionalText(f.stream) &&
	isText(f.position) &&
	isNumber(f.sentAt) &&
	isColumns(f.columns);

const { gap, ping, error } = COMMON_CHECKS;

const STREAM_CHECKS: Checks<StreamServerFrame> = {
	gap,
	ping,
	error,
	hello: (f) =>
		f.protocol === "fireworks.v2" &&
		isNumber(f.serverTime) &&
		isShownStream(f.stream) &&
		isIndex(f.keyCount) &&
		isCount(f.batchMs) &&
		isCount(f.pingMs) &&
		isText(f.oldest) &&
		isText(f.newest),
	keys: (f) => isList(f.keys, isKey),
	snapshot: isEvents,
	batch: isEvents,
	problems: (f) =>
		isList(f.records, isProblem) &&
		isObject(f.ahead) &&
		isIndex(f.ahead.count) &&
		isOptionalText(f.ahead.example),
};

const LIST_CHECKS: Checks<StreamsServerFrame> = {
	ping,
	error,
	streams: (f) => isNumber(f.serverTime) && isList(f.streams, isShownStream),
};

/** A frame of one stream. Undefined for a type that this version does not know. */
export const parseStreamFrame = (
	data: unknown,
): StreamServerFrame | undefined => checkedFrame(data, STREAM_CHECKS);

/** A frame of the list of streams. Undefined for a type that this version does not know. */
export const parseListFrame = (data: unknown): StreamsServerFrame | undefined =>
	checkedFrame(data, LIST_CHECKS);
