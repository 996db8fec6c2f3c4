/** Numbers and times as text whose width changes little. */

const GROUPED = new Intl.NumberFormat("en");

export const count = (n: number): string => GROUPED.format(n);

/** Events per second: exact if small, rounded if large. */
export const rate = (perSecond: number): string =>
	perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond));

/** Smaller values are shown in exponential form: with four decimals they would look like 0. */
const DECIMAL_MIN = 1e-4;

/** A device's value for reading; the exact one is in the row's data-value. */
export const value = (x: number): string => {
	const size = Math.abs(x);
	const decimal = x === 0 || (size >= DECIMAL_MIN && size < 1e6);
	return (decimal ? x.toFixed(4) : x.toExponential(4))
		.replaceAll("-", "\u2212")
		.replace("e+", "e");
};

export const milliseconds = (ms: number | undefined): string => {
	if (ms === undefined) return "–";
	if (Math.abs(ms) >= 10_000) return age(ms);
	return `${Math.round(ms)} ms`;
};

/** A span of time in its two largest units. */
export function age(ms: number): string {
	if (ms < 0) return ms > -100 ? "0.0 s" : `${age(-ms)} ahead`;
	const s = ms / 1_000;
	if (s < 60) return `${s.toFixed(1)} s`;
	if (s < 3_600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
	if (s < 86_400)
		return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
	return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}

export const windowName = (ms: number): string =>
	ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;

/** A moment in local time, to the millisecond: 2026-11-22 22:15:33.052. */
export function instant(ms: number): string {
	const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
	return local.toISOString().replace("T", " ").replace("Z", "");
}

export const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

/** With the minus sign, which is as wide as a digit. */
export const signed = (x: number, digits: number): string =>
	x.toFixed(digits).replace("-", "\u2212");
