/** Times as ISO 8601 texts. `Date` takes a microsecond for each; rows of a day share its text. */

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));

/** Makes the function that writes ms since 1970 as `Date.prototype.toISOString` does. */
export function isoTexts(): (ms: number) => string {
	let day = Number.NaN;
	let date = "";
	return (ms) => {
		const whole = Math.floor(ms);
		const today = Math.floor(whole / DAY_MS);
		if (today !== day) {
			date = new Date(today * DAY_MS).toISOString().slice(0, -13);
			day = today;
		}
		const rest = whole - today * DAY_MS;
		const seconds = Math.floor(rest / 1_000);
		const minutes = Math.floor(seconds / 60);
		const millis = rest - seconds * 1_000;
		return `${date}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${millis < 10 ? "00" : millis < 100 ? "0" : ""}${millis}Z`;
	};
}
