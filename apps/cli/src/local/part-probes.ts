/**
 * Asks the running parts about themselves: why one is not ready, which devices its processor
 * refuses, and which tables of the lake do not follow their streams.
 */

import { safe } from "../streams/text.ts";
import type { PartRecord } from "./state/state.ts";
import { getJson } from "./supervisor/http-probe.ts";

const TIMEOUT_MS = 1_000;

/** A device whose every tick is refused, as a processor's /refused reports it. */
interface RefusedHere {
	readonly key: string;
	readonly code: string;
	readonly waitsFor: string | null;
	readonly records: number;
}

export interface PartReport {
	/** Why it is not ready; null if it is ready or does not answer. */
	readonly notReady: string | null;
	/** How many devices are refused on every tick, and the first of them. */
	readonly refusedTotal: number;
	readonly refused: readonly RefusedHere[];
	/** One line for each table of the lake that does not follow its stream. */
	readonly tables: readonly string[];
}

export const NO_REPORT: PartReport = {
	notReady: null,
	refusedTotal: 0,
	refused: [],
	tables: [],
};

/** Asks a part that has a process. */
export async function askPart(part: PartRecord): Promise<PartReport> {
	const { http } = part.ports;
	if (http === undefined || part.process === null) return NO_REPORT;
	const url = `http://127.0.0.1:${http}`;
	const [ready, refused, tables] = await Promise.all([
		getJson(`${url}/readyz`, TIMEOUT_MS),
		part.name.startsWith("processor")
			? getJson(`${url}/refused`, TIMEOUT_MS)
			: undefined,
		part.name === "lake" ? getJson(`${url}/tables`, TIMEOUT_MS) : undefined,
	]);
	const reason = (ready as { reason?: unknown } | undefined)?.reason;
	return {
		...refusedIn(refused),
		tables: stoppedTables(tables),
		notReady: typeof reason === "string" ? reason : null,
	};
}

/** The refused devices in an answer of /refused; none if the answer has another form. */
export function refusedIn(
	body: unknown,
): Pick<PartReport, "refusedTotal" | "refused"> {
	const { total, keys } = (body ?? {}) as { total?: unknown; keys?: unknown };
	if (typeof total !== "number" || !Array.isArray(keys))
		return { refusedTotal: 0, refused: [] };
	return {
		refusedTotal: total,
		refused: keys.flatMap((one: Record<string, unknown>) =>
			typeof one?.key === "string" && typeof one.code === "string"
				? [
						{
							key: one.key,
							code: one.code,
							waitsFor: typeof one.waitsFor === "string" ? one.waitsFor : null,
							records: Number(one.records),
						},
					]
				: [],
		),
	};
}

const SHOWN_MAX = 5;

/** The tables with an error in an answer of the lake's /tables; none if it has another form. */
export function stoppedTables(body: unknown): string[] {
	const { tables } = (body ?? {}) as { tables?: unknown };
	if (!Array.isArray(tables)) return [];
	const lines = tables.flatMap((one: Record<string, unknown>) =>
		typeof one?.error === "string"
			? [`the table ${one.table} is ${one.state}: ${safe(one.error)}`]
			: [],
	);
	const more = lines.length - SHOWN_MAX;
	return more > 0
		? [...lines.slice(0, SHOWN_MAX), `… and ${more} more tables`]
		: lines;
}

/** The report as lines for the terminal. */
export function refusedLines({
	refusedTotal,
	refused,
}: Pick<PartReport, "refusedTotal" | "refused">): string[] {
	const shown = refused.slice(0, SHOWN_MAX);
	return [
		...shown.map(
			({ key, code, waitsFor }) =>
				`${key} is refused on every tick: ${code}${waitsFor === null ? "" : `, waits for ${waitsFor}`}. To begin its path again: \`fireworks reset processor --key ${key}\``,
		),
		...(refusedTotal > shown.length
			? [`… and ${refusedTotal - shown.length} more devices`]
			: []),
	];
}
