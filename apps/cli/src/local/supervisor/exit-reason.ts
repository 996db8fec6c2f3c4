/**
 * Why a process ended, as text: its exit code or signal, and what its JSON logs last said about it.
 */
import { EXIT } from "@fireworks/contracts";
import type { ProcessExit } from "@fireworks/local-kafka";

const MEANING = new Map<number | null, string>([
	[
		EXIT.fenced,
		"fenced by another instance, so it is not started again: stop the other instance, then start this one again (`fireworks down`, `fireworks up`)",
	],
	[EXIT.config, "its settings or topics are wrong, so it is not started again"],
	[127, "its program could not be started"],
]);
const TEXT_MAX = 500;

const PORT_TAKEN = /EADDRINUSE|address already in use|BindException/i;

/** lines: its last lines, oldest first. portVariables: the settings of the ports it listens on. */
export function exitReason(
	exit: ProcessExit,
	lines: readonly string[],
	portVariables: readonly string[] = [],
): string {
	const how = exit.signal
		? `killed by ${exit.signal}`
		: `exit code ${exit.code}`;
	const meaning = MEANING.get(exit.code);
	const said = lastMessages(lines);
	const text = [meaning ? `${how}: ${meaning}` : how, ...said].join("; ");
	const short = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
	const other = portVariables.join(" or ");
	return other !== "" && lines.some((line) => PORT_TAKEN.test(line))
		? `${short}; another program listens on its port: stop that program, or choose another port (${other})`
		: short;
}

/**
 * Its wrong settings; else its last fatal or error line; else (if it does not log JSON) the last
 * line with an error in it.
 */
function lastMessages(lines: readonly string[]): string[] {
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
		const texts = [bad.msg, cause === bad.msg ? undefined : cause];
		return [texts.filter((text) => typeof text === "string").join(": ")];
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
