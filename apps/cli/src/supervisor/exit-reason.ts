/** Why a process ended, in words: its exit code or signal, and what it said last about it in its JSON logs. */
import { EXIT } from "@fireworks/contracts";
import type { ProcessExit } from "@fireworks/local-kafka";

const MEANING = new Map<number | null, string>([
	[
		EXIT.fenced,
		"fenced by another instance, so it is not started again: stop the other one, then this system (`fireworks down`), and start it anew",
	],
	[EXIT.config, "its settings or topics are wrong, so it is not started again"],
	[127, "its program could not be started"],
]);
const TEXT_MAX = 500;

/** lines: its last ones, oldest first. */
export function exitReason(
	exit: ProcessExit,
	lines: readonly string[],
): string {
	const how = exit.signal
		? `killed by ${exit.signal}`
		: `exit code ${exit.code}`;
	const meaning = MEANING.get(exit.code);
	const said = lastWords(lines);
	const text = [meaning ? `${how}: ${meaning}` : how, ...said].join("; ");
	return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

/** Its wrong settings, else its last fatal or error line, else (where it does not log JSON) the last line with an error in it. */
function lastWords(lines: readonly string[]): string[] {
	const logged = lines.map(parseLine);
	const problems = logged.filter((l) => typeof l?.setting === "string");
	if (problems.length > 0)
		return problems.map(
			(l) =>
				`${l?.setting}=${l?.value === undefined ? "(absent)" : JSON.stringify(l.value)}: expected ${l?.expected}`,
		);
	const bad = logged.findLast(
		(l) => l?.level === "fatal" || l?.level === "error",
	);
	if (bad) {
		const cause = (bad.err as { message?: unknown } | undefined)?.message;
		const words = [bad.msg, cause === bad.msg ? undefined : cause];
		return [words.filter((w) => typeof w === "string").join(": ")];
	}
	const plain = lines.findLast(
		(line, i) => logged[i] === undefined && /error|exception/i.test(line),
	);
	return plain ? [plain.trim()] : [];
}

function parseLine(line: string): Record<string, unknown> | undefined {
	if (!line.startsWith("{")) return undefined;
	try {
		return JSON.parse(line) as Record<string, unknown>;
	} catch {
		return undefined;
	}
}
