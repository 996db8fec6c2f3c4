/**
 * A server's frame from its text, checked by hand.
 *
 * The schemas are zod's in packages/contracts; here they would cost the page 60 kB and a pass over every number that is slower than
 * parsing it. The test holds this against those schemas: what they refuse, this refuses.
 */
import type { ServerFrame } from "@fireworks/contracts";

/** Above any snapshot that the settings allow; a longer text is not parsed at all. */
export const FRAME_CHARACTERS_MAX = 256_000_000;

export class BadFrame extends Error {
	override name = "BadFrame";
}

type Fields = Record<string, unknown>;

const isText = (x: unknown): x is string => typeof x === "string";
const isNumber = (x: unknown): x is number =>
	typeof x === "number" && Number.isFinite(x);
const isIndex = (x: unknown): x is number =>
	Number.isSafeInteger(x) && (x as number) >= 0;
const isObject = (x: unknown): x is Fields =>
	typeof x === "object" && x !== null;
/** Names or units of the numbers, by column; a stream of Wiener records has none. */
const isLabels = (x: unknown): boolean =>
	x === undefined ||
	(isObject(x) && !Array.isArray(x) && Object.values(x).every(isText));
const isCount = (x: unknown): x is number => isIndex(x) && x >= 1;

function isColumn(x: unknown, is: (value: unknown) => boolean): x is number[] {
	if (!Array.isArray(x)) return false;
	for (let i = 0; i < x.length; i++) if (!is(x[i])) return false;
	return true;
}

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
	isText(f.position) && isNumber(f.sentAt) && isColumns(f.columns);

const CHECKS: { [Type in ServerFrame["type"]]: (f: Fields) => boolean } = {
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
	devices: (f) => Array.isArray(f.devices) && f.devices.every(isDevice),
	snapshot: isEvents,
	batch: isEvents,
	gap: (f) => isText(f.from) && isText(f.to) && isIndex(f.count),
	ping: (f) => isNumber(f.serverTime),
	error: (f) => isText(f.code) && isText(f.message),
};

/**
 * The frame in a message's data, or undefined for a type that this version does not know: a newer server may add one.
 *
 * Throws BadFrame for anything else.
 */
export function parseFrame(data: unknown): ServerFrame | undefined {
	if (!isText(data)) throw new BadFrame("a frame that is not text");
	if (data.length > FRAME_CHARACTERS_MAX)
		throw new BadFrame(`a frame of ${data.length} characters`);
	let frame: unknown;
	try {
		frame = JSON.parse(data);
	} catch (cause) {
		throw new BadFrame("a frame that is not JSON", { cause });
	}
	if (!isObject(frame) || !isText(frame.type))
		throw new BadFrame("a frame without a type");
	if (!Object.hasOwn(CHECKS, frame.type)) return undefined;
	const type = frame.type as ServerFrame["type"];
	if (!CHECKS[type](frame)) throw new BadFrame(`a wrong ${type} frame`);
	return frame as unknown as ServerFrame;
}
