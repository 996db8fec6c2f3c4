/** The times of which there is anything, live or in the lake. */
import type { Range } from "../../chart/ranges.ts";
import type { LakeTable } from "../../lake/lake-api.ts";
import type { PointStore } from "../data/point-store.ts";

type Times = Pick<LakeTable, "timeMin" | "timeMax">;

/** Infinite while nothing is known. One wrong clock in the table moves no edge beyond now. */
export function heldTimes(
	{ oldestMs, newestMs }: Pick<PointStore, "oldestMs" | "newestMs">,
	table: Times | undefined,
	nowMs: number,
): { oldestMs: number; newestMs: number } {
	const { timeMin, timeMax } = table ?? {};
	if (timeMin == null || timeMax == null || timeMin > nowMs)
		return { oldestMs, newestMs };
	return {
		oldestMs: Math.min(oldestMs, timeMin),
		newestMs: Number.isFinite(newestMs) ? newestMs : Math.min(timeMax, nowMs),
	};
}

/**
 * Whether a visible time reaches further back than the live points of one of the shown keys, to
 * where the table has something.
 */
export function historyIsNeeded(
	[from, to]: Range,
	store: Pick<PointStore, "pointsOf" | "placed">,
	indices: readonly number[],
	table: Times | undefined,
): boolean {
	const { timeMin, timeMax } = table ?? {};
	if (timeMin == null || timeMax == null || !store.placed) return false;
	const liveFrom = indices.reduce((latest, index) => {
		const oldest = store.pointsOf(index)?.times()[0];
		return Math.max(latest, oldest ?? Number.POSITIVE_INFINITY);
	}, Number.NEGATIVE_INFINITY);
	return (
		from < liveFrom && timeMin < liveFrom && from <= timeMax && to >= timeMin
	);
}
