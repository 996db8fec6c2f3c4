/**
 * The `d` attribute of an SVG path, written as bytes. The digits of tenths of a pixel go straight
 * into one buffer that all paths share.
 *
 * Plotly joins doubles of 17 digits to a string, and does the same again backwards for fills, which
 * we do not use. That took a quarter of its time with 50 paths. A tenth of a pixel is finer than
 * any screen.
 */

const M = 77;
const L = 76;
const SPACE = 32;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/**
 * Far outside of any screen, with few digits. A line that leaves the picture still leaves it in
 * nearly the same direction.
 */
const FAR_PX = 1e6;
/** A command, two numbers of at most 9 characters each plus their signs, and a space. */
const POINT_BYTES_MAX = 22;

export interface Scale {
	/** The pixel of the value x is (x - from) * perUnit. */
	from: number;
	perUnit: number;
}

let bytes = new Uint8Array(1 << 16);
let length = 0;
const decoder = new TextDecoder("latin1");

/** A line through the points; a NaN value breaks the line. */
export function pathText(
	time: ArrayLike<number>,
	value: ArrayLike<number>,
	x: Scale,
	y: Scale,
): string {
	const most = time.length * POINT_BYTES_MAX;
	if (bytes.length < most) bytes = new Uint8Array(2 * most);
	length = 0;
	let begins = true;
	for (let i = 0; i < time.length; i++) {
		const v = value[i] as number;
		if (Number.isNaN(v)) {
			begins = true;
			continue;
		}
		bytes[length++] = begins ? M : L;
		begins = false;
		write(((time[i] as number) - x.from) * x.perUnit);
		bytes[length++] = SPACE;
		write((v - y.from) * y.perUnit);
	}
	return decoder.decode(bytes.subarray(0, length));
}

/** Writes a number of pixels, rounded to a tenth. */
function write(px: number): void {
	const near = Math.max(-FAR_PX, Math.min(FAR_PX, px));
	let tenths = Math.round(near * 10);
	if (tenths < 0) {
		bytes[length++] = MINUS;
		tenths = -tenths;
	}
	const fraction = tenths % 10;
	let whole = (tenths - fraction) / 10;
	let digits = 1;
	for (let bound = 10; whole >= bound; bound *= 10) digits++;
	for (let k = digits - 1; k >= 0; k--) {
		const digit = whole % 10;
		bytes[length + k] = ZERO + digit;
		whole = (whole - digit) / 10;
	}
	length += digits;
	if (fraction === 0) return;
	bytes[length++] = POINT;
	bytes[length++] = ZERO + fraction;
}
