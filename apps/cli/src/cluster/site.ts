/** Where a system in a cluster is: which cluster, context, namespace and release. */
import { join } from "node:path";
import { type Environment, SETTINGS, variableOf } from "@fireworks/contracts";
import { type Memory, recall } from "../commands/memory.ts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { optionalVariables } from "../optional-parts.ts";
import type { StateFolder } from "../project.ts";
import { type AllSettings, parseAll, stateFolderOf } from "../settings.ts";
import type { TargetName, UpOptions } from "../target.ts";
import type { ReleaseName } from "./helm/release.ts";
import { contextOf } from "./kind/cluster.ts";

export interface Site extends ReleaseName {
	target: Exclude<TargetName, "local">;
	settings: AllSettings;
	folder: StateFolder;
	/**
	 * The variables from which the settings were read: the user's own, completed by those that `up`
	 * was given.
	 */
	env: Environment;
	memory: Memory | undefined;
	/** The pipelines that were named by --pipeline, now or before. */
	pipelines: readonly string[];
}

export interface SiteChoice {
	target: Exclude<TargetName, "local">;
	/** The value of --context. */
	context: string | undefined;
}

/**
 * The site of an `up`, from the variables as they are now. Throws CliError if the cluster target is
 * used without a context.
 */
export function siteForUp(
	choice: SiteChoice,
	{
		engine,
		pipelines,
		parts,
	}: Pick<UpOptions, "engine" | "pipelines" | "parts">,
): Site {
	const folder = stateFolderOf(process.env);
	const memory = recall(folder);
	const earlier =
		memory?.target === choice.target ? memory.settings : undefined;
	// Options have to be given only once. The values and later commands know them as settings.
	const env = {
		...process.env,
		...(engine === SETTINGS.engine.default
			? {}
			: { [variableOf("engine")]: engine }),
		...optionalVariables(parts, process.env, earlier),
	};
	const up = site(choice, env, folder, memory, choice.context);
	return { ...up, pipelines: [...new Set([...up.pipelines, ...pipelines])] };
}

/**
 * The site of the other commands: what the last `up` brought up.
 *
 * Commands that only look use the context that `up` was given. The command that removes things
 * (`down`) must be given the context again.
 */
export function siteForOthers(choice: SiteChoice, removes = false): Site {
	const folder = stateFolderOf(process.env);
	const memory = recall(folder);
	const same = memory?.target === choice.target ? memory : undefined;
	const env = { ...same?.settings, ...process.env };
	const known = removes ? undefined : (same?.context ?? undefined);
	return site(choice, env, folder, memory, choice.context ?? known);
}

function site(
	{ target, context: asked }: SiteChoice,
	env: Environment,
	folder: StateFolder,
	memory: Memory | undefined,
	context: string | undefined,
): Site {
	const settings = parseAll(env);
	const { namespace, release } = settings;
	const pipelines =
		(memory?.target === target ? memory.pipelines : undefined) ?? [];
	const where = { target, folder, namespace, release };
	const common = { ...where, settings, env, memory, pipelines };
	if (target === "kind") {
		if (asked !== undefined)
			throw new CliError(
				CLI_EXIT.usage,
				"--context is for `--target cluster`: kind's own context follows from FIREWORKS_KIND_CLUSTER.",
			);
		const access = {
			kubeconfig: kubeconfigOf(folder, isInternal(settings)),
			context: contextOf(settings.kindCluster),
		};
		return { ...common, access };
	}
	if (context === undefined)
		throw new CliError(
			CLI_EXIT.usage,
			"Which cluster? Name a context of your kubeconfig: `--context NAME` (none is ever guessed; `kubectl config get-contexts` lists them).",
		);
	return { ...common, access: { kubeconfig: undefined, context } };
}

/** Whether we run in the devcontainer, whose network has the nodes' own addresses. */
export const isInternal = (settings: { devcontainer: string }): boolean =>
	settings.devcontainer === "1";

/**
 * The path of kind's kubeconfig. The devcontainer has its own file: its addresses differ, and host
 * and devcontainer may share this folder.
 */
const kubeconfigOf = (folder: StateFolder, internal: boolean): string =>
	join(folder.root, internal ? "kubeconfig.internal" : "kubeconfig");
