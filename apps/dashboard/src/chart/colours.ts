/**
 * The colours of the lines. Their hues are a golden angle apart, so any number of neighbours
 * differ. All have the same lightness, with a contrast of at least 3:1 to the page's background.
 * They are computed in OKLCH, where equal lightness looks equal, and returned as #rrggbb, which
 * every renderer reads.
 */
export type Theme = "light" | "dark";

const FIRST_HUE = 255;
const GOLDEN_ANGLE = 137.508;
const TONES: Record<Theme, { lightness: number[]; chroma: number }> = {
	light: { lightness: [0.56, 0.48, 0.62], chroma: 0.16 },
	dark: { lightness: [0.76, 0.84, 0.68], chroma: 0.13 },
};

/** The colour of the line with number `slot`. */
export function lineColour(slot: number, theme: Theme): string {
	const { lightness, chroma } = TONES[theme];
	const l = lightness[Math.floor(slot / 8) % lightness.length] as number;
	return oklch(l, chroma, FIRST_HUE + slot * GOLDEN_ANGLE);
}

/** OKLCH to sRGB (Ottosson 2020, bottosson.github.io/posts/oklab), clipped. */
function oklch(l: number, c: number, hueDegrees: number): string {
	const hue = (hueDegrees * Math.PI) / 180;
	const a = c * Math.cos(hue);
	const b = c * Math.sin(hue);
	const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
	const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
	const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
	const rgb = [
		4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
		-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
		-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
	];
	return `#${rgb.map(channel).join("")}`;
}

const channel = (linear: number): string => {
	const x = Math.min(1, Math.max(0, linear));
	const gamma = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
	return Math.round(gamma * 255)
		.toString(16)
		.padStart(2, "0");
};
