/** `fireworks doctor`: looks at everything that may keep the system from working; each finding with its fix. */
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import {
	parseAll,
	rememberedEnvironment,
	stateFolderOf,
} from "../local-settings.ts";
import { type Finding, ok, problem } from "../preflight/finding.ts";
import { checkJars } from "../preflight/jars.ts";
import { preflight } from "../preflight/preflight.ts";
import { isAlive } from "../process/identity.ts";
import { leftovers } from "../state/leftovers.ts";
import type { SystemState } from "../state/state.ts";
import { readState } from "../state/state-file.ts";
import { kafkaCacheDirOf } from "../supervisor/parts.ts";
import { showFinding } from "../ui/findings.ts";
import { plural } from "../ui/format.ts";

export async function doctor(): Promise<CliExit> {
	const folder = stateFolderOf(process.env);
	const state = attempt(() => readState(folder.stateFile));
	const settings = parseAll(
		attempt(() => rememberedEnvironment(process.env)) ?? process.env,
	);
	const own = new Set(state?.parts.flatMap((part) => part.process?.pid ?? []));
	const { findings } = await preflight(settings, folder, own);
	const all = [
		...findings,
		await checkJars(kafkaCacheDirOf(settings)),
		...judgeParts(state),
	];
	for (const finding of all) console.log(showFinding(finding));
	const problems = all.filter((f) => f.level === "problem").length;
	console.log(
		problems === 0 ? "\nAll well." : `\n${plural(problems, "problem")}.`,
	);
	return problems === 0 ? CLI_EXIT.ok : CLI_EXIT.failure;
}

/** What the state tells about the running parts. */
function judgeParts(state: SystemState | undefined): Finding[] {
	if (state === undefined) return [];
	const left = leftovers(state);
	if (left.length > 0)
		return [
			problem(
				"parts",
				`the supervisor was killed, and ${left.map((l) => `${l.name} (pid ${l.process.pid})`).join(", ")} run on without it`,
				"`fireworks up` starts anew, `fireworks down` stops them",
			),
		];
	if (!isAlive(state.supervisor)) return [ok("parts", "not running")];
	const bad = state.parts.filter(
		(p) => p.state === "failed" || p.state === "backoff",
	);
	if (bad.length === 0) return [ok("parts", `${state.phase}: ${state.page}`)];
	return bad.map((part) =>
		problem(
			part.name,
			`${part.state}: ${part.lastError}`,
			`See \`fireworks logs ${part.name}\``,
		),
	);
}

/** The broken state is a finding of its own: preflight has it. */
function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch (error) {
		if (error instanceof CliError) return undefined;
		throw error;
	}
}
