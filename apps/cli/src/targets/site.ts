/** Where a system in a cluster is: which cluster, by which context, in which namespace, under which release. */
import { join } from "node:path";
import { type Environment, SETTINGS, variableOf } from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { ReleaseName } from "../helm/release.ts";
import { contextOf } from "../kind/cluster.ts";
import {
	type AllSettings,
	parseAll,
	stateFolderOf,
} from "../local-settings.ts";
import type { StateFolder } from "../project.ts";
import { type Memory, recall, type Target } from "./memory.ts";

export interface Site extends ReleaseName {
	target: Exclude<Target, "local">;
	settings: AllSettings;
	folder: StateFolder;
	/** What the settings were read from: the person's variables, completed by those that `up` was given. */
	env: Environment;
	memory: Memory | undefined;
}

export interface SiteChoice {
	target: Exclude<Target, "local">;
	/** --context. */
	context: string | undefined;
}

/** The site of an `up`: the variables as they are now. Throws CliError where the context of a cluster is not named. */
export function siteForUp(choice: SiteChoice, engine: string): Site {
	const folder = stateFolderOf(process.env);
	// --engine is said once, and known to the values and to the words that come later like any setting.
	const env =
		engine === SETTINGS.engine.standard
			? process.env
			: { ...process.env, [variableOf("engine")]: engine };
	return site(choice, env, folder, recall(folder), choice.context);
}

/**
 * The site of the other words: what was brought up, as it was.
 *
 * A context that `up` was given is known for the words that only look; the one that removes things (`down`) must be told again.
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
	const common = { target, settings, folder, env, memory, namespace, release };
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

/** In the devcontainer, whose network has the nodes' own addresses. */
export const isInternal = (settings: { devcontainer: string }): boolean =>
	settings.devcontainer === "1";

/** kind's kubeconfig; another one in the devcontainer, as the addresses differ and both may see this folder. */
export const kubeconfigOf = (folder: StateFolder, internal: boolean): string =>
	join(folder.root, internal ? "kubeconfig.internal" : "kubeconfig");
