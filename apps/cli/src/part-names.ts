/** The parts of the local system, in the order in which they are started and shown; they are stopped in the opposite order. */
export const PART_NAMES = [
	"kafka",
	"metronome",
	"processor",
	"middleware",
	"dashboard",
] as const;

export type PartName = (typeof PART_NAMES)[number];
