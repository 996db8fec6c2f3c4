/**
 * Checks of values in a server's frame, by hand.
 *
 * The schemas in packages/contracts use zod. Here zod would add 60 kB to the page, and a check of
 * every number that takes longer than parsing it.
 */

/** Larger than any snapshot that the settings allow; a longer text is not parsed at all. */
const FRAME_CHARACTERS_MAX = 256_000_000;

export class BadFrame extends Error {
	override name = "BadFrame";
}

export type Fields = Record<string, unknown>;

export const isText = (x: unknown): x is string => typeof x === "string";
export const isNumber = (x: unknown): x is number =>
	typeof x === "number" && Number.isFinite(x);
export const isIndex = (x: unknown): x is number =>
	Number.isSafeInteger(x) && (x as number) >= 0;
export const isCount = (x: unknown): x is number => isIndex(x) && x >= 1;
export const isObject = (x: unknown): x is Fields =>
	typeof x === "object" && x !== null;
export const isList = (x: unknown, is: (item: unknown) => boolean): boolean =>
	Array.isArray(x) && x.every(is);

export function isColumn(
	x: unknown,
	is: (value: unknown) => boolean,
): x is number[] {
	if (!Array.isArray(x)) return false;
	for (let i = 0; i < x.length; i++) if (!is(x[i])) return false;
	return true;
}

/** A record of which every value passes. */
export const isRecordOf = (
	x: unknown,
	is: (value: unknown) => boolean,
): boolean => isObject(x) && !Array.isArray(x) && Object.values(x).every(is);

/** A record that is counted under a reason. */
export const isProblem = (x: unknown): boolean =>
	isObject(x) && isText(x.reason) && isCount(x.count) && isText(x.example);

export type Checks<Frame extends { type: string }> = {
	[Type in Frame["type"]]: (fields: Fields) => boolean;
};

/** The frames that both protocols have. */
export const COMMON_CHECKS = {
	gap: (f: Fields) => isText(f.from) && isText(f.to) && isIndex(f.count),
	ping: (f: Fields) => isNumber(f.serverTime),
	error: (f: Fields) => isText(f.code) && isText(f.message),
};

/**
 * The frame in a message's data, or undefined for a type without a check: a newer server may add
 * types. Throws BadFrame for anything else.
 */
export function checkedFrame<Frame extends { type: string }>(
	data: unknown,
	checks: Checks<Frame>,
): Frame | undefined {
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
	if (!Object.hasOwn(checks, frame.type)) return undefined;
	const type = frame.type as Frame["type"];
	if (!checks[type](frame)) throw new BadFrame(`a wrong ${type} frame`);
	return frame as unknown as Frame;
}
