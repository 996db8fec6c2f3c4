/**
 * Decides when a device has been silent for too long: its newest record is older than STALE_STEPS
 * steps and STALE_MS.
 */
import type { Point } from "./ring.ts";

const STALE_STEPS = 3;
const STALE_MS = 5_000;

/** nowMs: by the server's clock. */
export const isStale = (
	{ timeMs, dtS }: Pick<Point, "timeMs" | "dtS">,
	nowMs: number,
): boolean => nowMs - timeMs > Math.max(STALE_MS, dtS * 1_000 * STALE_STEPS);
