/**
 * `fireworks up`: checks the machine, fetches what is needed, and starts the local system, in the
 * foreground or detached from the terminal.
 */
import { ensureJars, type Java, LocalKafkaError } from "@fireworks/local-kafka";
import { engineProgram, UnrecoverableError } from "@fireworks/programs";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { preflight } from "../preflight/preflight.ts";
import type { ProcessIdentity } from "../process/identity.ts";
import { waitGone } from "../process/process.ts";
import type { StateFolder } from "../project.ts";
import { type AllSettings, parseAll, stateFolderOf } from "../settings.ts";
import type { UpOptions } from "../target.ts";
import { refuseProblems } from "../ui/findings.ts";
import { megabytes, plural } from "../ui/format.ts";
import { Steps } from "../ui/steps.ts";
import { requireLake } from "./lake/lake-variables.ts";
import { optionalPartNames } from "./part-names.ts";
import { findPipelines, toStart } from "./pipelines/find.ts";
import { absentLines, problemLines } from "./pipelines/report.ts";
import { startNew } from "./pipelines/start-new.ts";
import { partVariables } from "./settings.ts";
import {
	alreadyUp,
	startDetached,
	startInForeground,
	waitReady,
} from "./start.ts";
import { leftovers, stopLeftovers } from "./state/leftovers.ts";
import { lockOwner } from "./state/lock.ts";
import { readState } from "./state/state.ts";
import { kafkaCacheDirOf } from "./supervisor/parts.ts";

const STOP_TIMEOUT_MS = 90_000;

/** chosen: the variables that follow from the options, now or of an earlier `up`. */
export async function up(
	{ detach, timeoutMs, pipelines }: UpOptions,
	chosen: Readonly<Record<string, string>>,
): Promise<CliExit> {
	const settings = parseAll({ ...process.env, ...chosen });
	const folder = stateFolderOf(process.env);
	const steps = new Steps(process.stdout);
	const owner = await runningOwner(folder, steps);
	const found = findPipelines();
	const wanted = toStart(found, pipelines);
	if (owner) {
		const state = await waitReady(folder, owner, timeoutMs);
		if (settings.lake === "on") requireLake(state);
		const names = [
			...optionalPartNames(settings),
			...wanted.map(({ name }) => name),
		];
		const parts = await startNew(folder, state, names, steps);
		console.log(alreadyUp(state));
		for (const line of [
			...absentLines(found, parts),
			...problemLines(folder, found, parts),
		])
			console.log(line);
		return CLI_EXIT.ok;
	}
	await clearLeftovers(folder, steps);
	const env = {
		...process.env,
		...(await partVariables(process.env, settings)),
		...chosen,
	};
	const local = parseAll(env);
	const java = await steps.run("Checks before the start", () =>
		check(local, folder),
	);
	await fetchJars(local, steps);
	await fetchEngines(local, java, steps);
	for (const line of absentLines(found, wanted)) console.log(line);
	const start = { env, folder, timeoutMs, pipelines };
	return detach ? startDetached(start, steps) : startInForeground(start);
}

/** The supervisor that runs now. If it is stopping, waits for its end first. */
async function runningOwner(
	folder: StateFolder,
	steps: Steps,
): Promise<ProcessIdentity | undefined> {
	const owner = lockOwner(folder.lockFile);
	if (!owner || readState(folder.stateFile)?.phase !== "stopping") return owner;
	await steps.run("Waiting for the last one to stop", () =>
		waitGone(owner, STOP_TIMEOUT_MS),
	);
	return lockOwner(folder.lockFile);
}

async function clearLeftovers(
	folder: StateFolder,
	steps: Steps,
): Promise<void> {
	const found = leftovers(readState(folder.stateFile));
	if (found.length === 0) return;
	const label = `Stopping ${plural(found.length, "leftover part")}`;
	await steps.run(label, (say) =>
		stopLeftovers(found, ({ name, process }) =>
			say(`${name} (pid ${process.pid}), whose supervisor was killed`),
		),
	);
}

/** Throws CliError with all problems. */
async function check(
	settings: AllSettings,
	folder: StateFolder,
): Promise<Java> {
	const { findings, java } = await preflight(settings, folder);
	refuseProblems(findings);
	if (java === undefined)
		throw new CliError(CLI_EXIT.failure, "Not started: no Java was found.");
	return java;
}

async function fetchEngines(
	{ engine, compareEngine, cacheDir }: AllSettings,
	java: Java,
	steps: Steps,
): Promise<void> {
	for (const one of [engine, compareEngine])
		if (one !== "" && one !== "typescript")
			await steps
				.run(`The ${one} engine`, () =>
					engineProgram("processor", { engine: one, cacheDir }, java),
				)
				.catch((error: unknown) => {
					if (!(error instanceof UnrecoverableError)) throw error;
					throw new CliError(CLI_EXIT.failure, error.message, { cause: error });
				});
}

async function fetchJars(settings: AllSettings, steps: Steps): Promise<void> {
	await steps
		.run("Kafka's jars", async (say) => {
			const { fetched } = await ensureJars({
				cacheDir: kafkaCacheDirOf(settings),
				mavenUrl: settings.mavenUrl,
				onProgress: ({ bytes, bytesTotal, jars, jarsTotal }) =>
					say(
						`${megabytes(bytes)} of ${megabytes(bytesTotal)}, ${jars} of ${plural(jarsTotal, "jar")}`,
					),
			});
			if (fetched === 0) say("in the cache");
		})
		.catch((error: unknown) => {
			if (!(error instanceof LocalKafkaError)) throw error;
			throw new CliError(CLI_EXIT.failure, error.message, { cause: error });
		});
}
