/** `up` in the foreground: this process is the supervisor, and shows the parts until Ctrl-C. */
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { readState } from "../state/state-file.ts";
import type { Supervisor } from "../supervisor/supervisor.ts";
import { describe } from "../supervisor/supervisor.ts";
import { duration } from "../ui/format.ts";
import { changeLine, LiveView } from "../ui/live-view.ts";
import { headline, statusTable } from "../ui/status-table.ts";
import { type LocalStart, pageOf, supervise } from "./local-start.ts";
import { startFailureText, waitReady } from "./running.ts";
import { aborted, stopSignals } from "./stop-signals.ts";

export async function runForeground(
	start: LocalStart,
	timeoutMs: number,
): Promise<CliExit> {
	const { folder } = start;
	const out = process.stdout;
	const began = performance.now();
	const say = (text: string) => {
		if (!out.isTTY)
			console.log(
				`${duration(performance.now() - began).padStart(8)}  ${text}`,
			);
	};
	const supervised = supervise(start, (part, before) => {
		const line = changeLine(part.name, before, part.status);
		if (line) say(line);
	});
	if (!("supervisor" in supervised)) {
		const { page } = await waitReady(folder, supervised, timeoutMs);
		console.log(
			`Fireworks is up already (supervisor ${supervised.pid}): ${page}`,
		);
		return CLI_EXIT.ok;
	}
	const { supervisor, ready, release } = supervised;
	const asked = stopSignals(() => supervisor.killAll());
	const view = new LiveView(out, () => picture(start, supervisor));
	view.start();
	try {
		const failure = await ready(
			AbortSignal.any([asked, AbortSignal.timeout(timeoutMs)]),
		);
		if (failure && !asked.aborted) {
			await supervisor.stop("the start failed");
			view.stop();
			throw new CliError(
				CLI_EXIT.failure,
				startFailureText(
					describe(failure),
					failure.part,
					failure.lines.slice(-15),
				),
			);
		}
		if (!failure)
			say(
				`up after ${duration(performance.now() - began)}: ${pageOf(start.settings)}  (Ctrl-C stops everything)`,
			);
		await aborted(asked);
		say("stopping, in order; once more kills at once");
		await supervisor.stop(String(asked.reason));
		return failure ? CLI_EXIT.interrupted : CLI_EXIT.ok;
	} finally {
		view.stop();
		release();
	}
}

function picture(start: LocalStart, supervisor: Supervisor): string[] {
	const state = readState(start.folder.stateFile);
	if (!state) return [];
	const width = process.stdout.columns || 80;
	const now = Date.now();
	const hint = {
		starting: "Ctrl-C stops everything",
		ready: "Ctrl-C stops everything",
		stopping: "Ctrl-C once more kills at once",
		stopped: "",
	}[supervisor.phase];
	return [
		"",
		headline(state, now).slice(0, width),
		"",
		...statusTable(state.parts, now, width),
		"",
		hint,
	];
}
