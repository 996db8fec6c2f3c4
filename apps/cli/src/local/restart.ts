/**
 * `fireworks restart PART` on the local system. The command leaves a file that names the part, and
 * the supervisor, which looks for such files, restarts the part. A file needs no port, and an older
 * supervisor that does not know of it is not disturbed. `up` leaves such a file for a pipeline that
 * is new: the supervisor then adds it.
 */
import {
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { isAlive } from "../process/identity.ts";
import type { StateFolder } from "../project.ts";
import { stateFolderOf } from "../settings.ts";
import { Steps } from "../ui/steps.ts";
import { lastLines } from "./last-lines.ts";
import { PIPELINES } from "./pipelines/find.ts";
import { type PartRecord, readState, type SystemState } from "./state/state.ts";
import type { PartDefinition } from "./supervisor/part.ts";
import type { Supervisor } from "./supervisor/supervisor.ts";

const POLL_MS = 200;
/** If the supervisor has not taken the request by then, it may not know of restarts. */
const TAKEN_MAX_MS = 5_000;
const LINES_SHOWN = 15;

const requestFile = (folder: StateFolder, part: string) =>
	join(folder.restarts, part);

/** Leaves a request for the supervisor. */
export function requestStart(folder: StateFolder, part: string): void {
	mkdirSync(folder.restarts, { recursive: true });
	writeFileSync(requestFile(folder, part), "");
}

/**
 * Restarts the parts that are named by files, until `over` is aborted. newPart: the definition of a
 * part that does not run yet; undefined: no part has that name.
 */
export async function serveRestarts(
	folder: StateFolder,
	supervisor: Supervisor,
	over: AbortSignal,
	newPart: (name: string) => PartDefinition | undefined = () => undefined,
): Promise<void> {
	while (!over.aborted) {
		for (const name of requests(folder)) {
			if (over.aborted) return;
			rmSync(requestFile(folder, name), { force: true });
			if (supervisor.parts.some((part) => part.name === name)) {
				await supervisor.restart(name);
				continue;
			}
			const added = newPart(name);
			if (added) supervisor.add(added);
			else supervisor.note(`there is no part ${name} to start`);
		}
		await sleep(POLL_MS, undefined, { signal: over }).catch(() => {});
	}
}

function requests(folder: StateFolder): string[] {
	try {
		return readdirSync(folder.restarts);
	} catch {
		// Nothing was requested yet.
		return [];
	}
}

/** Throws CliError if the part does not become ready in time. */
export async function restart(
	options: { part: string; timeoutMs: number },
	takenMaxMs = TAKEN_MAX_MS,
): Promise<CliExit> {
	const folder = stateFolderOf(process.env);
	const state = readState(folder.stateFile);
	if (state === undefined || !isAlive(state.supervisor))
		throw new CliError(
			CLI_EXIT.failure,
			"Fireworks is not running. Start it: `fireworks up`",
		);
	const before = partOf(state, options.part);
	requestStart(folder, before.name);
	const steps = new Steps(process.stdout);
	await steps.run(`Restarting ${before.name}`, async (say) => {
		const after = await restarted(folder, before, {
			timeoutMs: options.timeoutMs,
			takenMaxMs,
		});
		say(
			after.process ? `pid ${after.process.pid}` : "its streams are published",
		);
	});
	return CLI_EXIT.ok;
}

function partOf(state: SystemState, name: string): PartRecord {
	const found = state.parts.find((part) => part.name === name);
	if (found) return found;
	throw new CliError(
		CLI_EXIT.usage,
		`There is no part "${name}": ${state.parts.map((part) => part.name).join(", ")}. A folder that is new in ${PIPELINES}/ is started by \`fireworks up\`.`,
	);
}

/** Waits until another process of the part is ready. */
async function restarted(
	folder: StateFolder,
	before: PartRecord,
	{ timeoutMs, takenMaxMs }: { timeoutMs: number; takenMaxMs: number },
): Promise<PartRecord> {
	const file = requestFile(folder, before.name);
	const began = performance.now();
	for (;;) {
		const waited = performance.now() - began;
		const state = readState(folder.stateFile);
		if (state === undefined || !isAlive(state.supervisor))
			throw new CliError(
				CLI_EXIT.failure,
				"The supervisor ended while the part was restarted: see `fireworks status`.",
			);
		if (existsSync(file)) {
			if (state.phase === "ready" && waited > takenMaxMs) {
				rmSync(file, { force: true });
				throw new CliError(
					CLI_EXIT.failure,
					`The supervisor (pid ${state.supervisor.pid}) did not take the request: it may be of an earlier version, or busy with another restart. Try again, or restart everything: \`fireworks down\`, \`fireworks up\``,
				);
			}
		} else {
			const now = partOf(state, before.name);
			const fresh =
				now.process !== null &&
				now.process.startTime !== before.process?.startTime;
			if (fresh && now.state === "running") return now;
			if (now.finished && now.since !== before.since) return now;
			const failed = now.state === "failed" && now.since !== before.since;
			if (failed || waited > timeoutMs)
				throw new CliError(
					CLI_EXIT.failure,
					[
						`${now.name} is ${failed ? "failed" : `not ready after ${Math.round(timeoutMs / 1_000)} s`}: ${now.lastError ?? "no error yet"}`,
						...lastLines(join(folder.logs, `${now.name}.log`), LINES_SHOWN).map(
							(line) => `  ${line}`,
						),
					].join("\n"),
				);
		}
		await sleep(POLL_MS);
	}
}
