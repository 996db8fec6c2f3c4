/** Where to begin in a stream, as an option says it: `beginning`, `end`, -10, a time, or 15m. */
import { durationMs, timeReader } from "@fireworks/pipeline";
import { CLI_EXIT, CliError } from "../exit-codes.ts";

export type From =
	| { readonly kind: "beginning" | "end" }
	/** The newest records. */
	| { readonly kind: "last"; readonly count: number }
	/** From records with this timestamp on. ms since 1970. */
	| { readonly kind: "time"; readonly time: number };

const LAST_MAX = 10_000;

const TIME =
	"a time such as 2026-01-31 or 2026-01-31T12:00:00Z, or how long ago: 90s, 15m, 12h, 7d";

/** Throws CliError (usage). */
export function parseFrom(text: string): From {
	if (text === "beginning" || text === "end") return { kind: text };
	const last = /^-(\d{1,9})$/.exec(text);
	if (last !== null) {
		const count = Number(last[1]);
		if (count > LAST_MAX)
			throw wrong(text, `at most the last ${LAST_MAX} records`);
		return count === 0 ? { kind: "end" } : { kind: "last", count };
	}
	const time = timeOf(text);
	if (time !== undefined) return { kind: "time", time };
	throw wrong(
		text,
		`expected beginning, end, -N for the last N records, ${TIME}`,
	);
}

/** `earliest` or a time. Throws CliError (usage). */
export function parseRestart(text: string): From {
	if (text === "earliest") return { kind: "beginning" };
	const time = timeOf(text);
	if (time !== undefined) return { kind: "time", time };
	throw wrong(text, `expected earliest, ${TIME}`);
}

const wrong = (text: string, expected: string) =>
	new CliError(CLI_EXIT.usage, `--from ${text}: ${expected}.`);

function timeOf(text: string): number | undefined {
	const ago = durationMs(text);
	if (ago !== undefined) return Date.now() - ago;
	const iso = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
	try {
		return timeReader({ path: "from" })(iso);
	} catch {
		return undefined;
	}
}
