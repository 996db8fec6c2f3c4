/** The parts of the local system, in the order in which they are started and shown; they are stopped in the opposite order. */
export const PART_NAMES = [
	"kafka",
	"metronome",
	"processor",
	"middleware",
	"dashboard",
] as const;

export type PartName = (typeof PART_NAMES)[number];

/** Of the local system where a second engine is compared: its processor and its middleware. They come last, and are stopped first. */
export const COMPARE_PART_NAMES = [
	"processor-typescript",
	"middleware-typescript",
	"processor-python",
	"middleware-python",
	"processor-spark",
	"middleware-spark",
] as const;

export type ComparePartName = (typeof COMPARE_PART_NAMES)[number];

export const LOCAL_PART_NAMES = [...PART_NAMES, ...COMPARE_PART_NAMES] as const;

export type LocalPartName = (typeof LOCAL_PART_NAMES)[number];
