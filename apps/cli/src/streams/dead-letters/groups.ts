/** Dead letters counted by who refused them, where they come from, and why. */
import { table } from "../../ui/table.ts";
import { cutText, safe, timeText } from "../text.ts";
import { type Letter, placeOf } from "./letter.ts";

export interface LetterGroup {
	readonly stage: string;
	readonly source: string;
	readonly code: string;
	count: number;
	/** The newest letter: when it was written, where it lies, and its message. */
	newest: number;
	example: string;
	message: string;
}

/** Beyond that many kinds the others are only counted. */
const GROUPS_MAX = 1_000;
const MESSAGE_CHARACTERS_MAX = 200;

export class LetterGroups {
	readonly #groups = new Map<string, LetterGroup>();
	total = 0;
	/** Letters of kinds that are not listed. */
	others = 0;

	add(letter: Letter): void {
		this.total++;
		const { stage, source, code, message, record } = letter;
		const id = JSON.stringify([stage, source, code]);
		let group = this.#groups.get(id);
		if (group === undefined) {
			if (this.#groups.size >= GROUPS_MAX) {
				this.others++;
				return;
			}
			group = {
				...{ stage, source, code },
				count: 0,
				newest: Number.NEGATIVE_INFINITY,
				...{ example: "", message: "" },
			};
			this.#groups.set(id, group);
		}
		group.count++;
		if (record.timestamp < group.newest) return;
		group.newest = record.timestamp;
		group.example = placeOf(letter);
		group.message = message;
	}

	/** The most frequent first. */
	list(): readonly LetterGroup[] {
		return [...this.#groups.values()].sort(
			(a, b) => b.count - a.count || b.newest - a.newest,
		);
	}
}

export function groupLines(groups: LetterGroups, topic: string): string[] {
	if (groups.total === 0)
		return [`There are no such dead letters in ${topic}.`];
	return [
		...table(
			[
				["COUNT", "CODE", "SOURCE", "STAGE", "NEWEST", "EXAMPLE"],
				...groups
					.list()
					.map(({ count, code, source, stage, newest, example, message }) => [
						String(count),
						safe(code || "-"),
						safe(source || "-"),
						safe(stage || "-"),
						timeText(newest),
						`${example} ${cutText(message, MESSAGE_CHARACTERS_MAX)}`,
					]),
			],
			process.stdout.columns || Number.POSITIVE_INFINITY,
		),
		...(groups.others > 0
			? [`${groups.others} more of further kinds: choose with --code.`]
			: []),
		"`fireworks dead-letters show EXAMPLE` shows a whole letter.",
	];
}
