/** `fireworks up`: checks, fetches what is needed, and brings the local system up, in the foreground or detached from the terminal. */
import { variableOf } from "@fireworks/contracts";
import { ensureJars, type Java, LocalKafkaError } from "@fireworks/local-kafka";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import {
	type AllSettings,
	parseAll,
	partVariables,
	stateFolderOf,
} from "../local-settings.ts";
import { preflight } from "../preflight/preflight.ts";
import { waitGone } from "../process/end-process.ts";
import type { ProcessIdentity } from "../process/identity.ts";
import type { StateFolder } from "../project.ts";
import { leftovers, stopLeftovers } from "../state/leftovers.ts";
import { lockOwner } from "../state/lock.ts";
import { readState } from "../state/state-file.ts";
import { engineProgram } from "../supervisor/engine-program.ts";
import { HopelessError } from "../supervisor/part.ts";
import { kafkaCacheDirOf } from "../supervisor/parts.ts";
import { showFinding } from "../ui/findings.ts";
import { megabytes, plural } from "../ui/format.ts";
import { Steps } from "../ui/steps.ts";
import { checkChoice } from "./choice.ts";
import { startDetached } from "./detached.ts";
import { runForeground } from "./foreground.ts";
import { waitReady } from "./running.ts";

const STOP_TIMEOUT_MS = 90_000;

export interface UpOptions {
	target: string;
	engine: string;
	/** A second engine beside it; empty: none. */
	compare: string;
	detach: boolean;
	/** Of the start of the parts. */
	timeoutMs: number;
}

export async function up(options: UpOptions): Promise<CliExit> {
	checkChoice(options.target, options.engine, options.compare);
	const engines = engineVariables(options);
	const settings = parseAll({ ...process.env, ...engines });
	const folder = stateFolderOf(process.env);
	const steps = new Steps(process.stdout);
	const owner = await runningOwner(folder, steps);
	if (owner) {
		const { page } = await waitReady(folder, owner, options.timeoutMs);
		console.log(`Fireworks is up already (supervisor ${owner.pid}): ${page}`);
		return CLI_EXIT.ok;
	}
	await clearLeftovers(folder, steps);
	const variables = {
		...(await partVariables(process.env, settings)),
		...engines,
	};
	const env = { ...process.env, ...variables };
	const local = parseAll(env);
	const java = await steps.run("Checks before the start", () =>
		check(local, folder),
	);
	await fetchJars(local, steps);
	await fetchEngines(local, steps);
	const start = { env, variables, settings: local, folder, java };
	return options.detach
		? startDetached(start, options.timeoutMs, steps)
		: runForeground(start, options.timeoutMs);
}

/** Who has the system; one that is just stopping is waited for first. */
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

/** Prints what is worth knowing; throws CliError with all that is in the way. */
async function check(
	settings: AllSettings,
	folder: StateFolder,
): Promise<Java> {
	const { findings, java } = await preflight(settings, folder);
	const problems = findings.filter((f) => f.level === "problem");
	for (const finding of findings)
		if (finding.level === "warning") console.error(showFinding(finding));
	if (problems.length > 0 || java === undefined)
		throw new CliError(
			CLI_EXIT.failure,
			`Not started:\n${problems.map(showFinding).join("\n")}`,
		);
	return java;
}

/** What the processors' parts are started by, and what the page says of them. */
const engineVariables = ({
	engine,
	compare,
}: UpOptions): Record<string, string> => ({
	[variableOf("engine")]: engine,
	[variableOf("middlewareEngine")]: engine,
	[variableOf("compareEngine")]: compare,
});

async function fetchEngines(
	{ engine, compareEngine, cacheDir }: AllSettings,
	steps: Steps,
): Promise<void> {
	for (const one of [engine, compareEngine])
		if (one !== "" && one !== "typescript")
			await steps
				.run(`The ${one} engine`, () =>
					engineProgram("processor", { engine: one, cacheDir }),
				)
				.catch((error: unknown) => {
					if (!(error instanceof HopelessError)) throw error;
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
