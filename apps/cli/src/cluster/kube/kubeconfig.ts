/**
 * Reads the kubeconfig as kubectl does: one named file, or all files of KUBECONFIG merged, or
 * ~/.kube/config. Files that do not exist are skipped, and of two entries with the same name the
 * first wins. (The library's own reader gets both wrong.)
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";

type Library = typeof import("@kubernetes/client-node");

/** In the devcontainer, a link to the host's file. The user does not know this path. */
const LINK_TO_HOST = "/home/node/.kube/host";
const HOSTS = "the kubeconfig of the host (~/.kube/config or KUBECONFIG)";

/** The file's name as the user knows it. */
const called = (file: string): string => (file === LINK_TO_HOST ? HOSTS : file);

/** The files that make up the user's kubeconfig. */
export function kubeconfigFiles(
	env: Readonly<NodeJS.ProcessEnv> = process.env,
): string[] {
	const named = (env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
	return named.length > 0
		? named
		: [join(env.HOME || homedir(), ".kube", "config")];
}

/** The files' names for a message. In the devcontainer the user knows only the host's paths. */
export const describeFiles = (files: readonly string[]): string =>
	files.includes(LINK_TO_HOST) ? HOSTS : files.join(", ");

/**
 * file: undefined means as kubectl finds it. Throws CliError (config) with a path that the user
 * knows.
 */
export function readKubeconfig(
	library: Library,
	file: string | undefined,
): KubeConfig {
	const files = file === undefined ? kubeconfigFiles() : [file];
	const there = files.filter((path) => existsSync(path));
	if (there.length === 0)
		throw new CliError(
			CLI_EXIT.config,
			`There is no kubeconfig: ${describeFiles(files)} ${files.length === 1 ? "does" : "do"} not exist.`,
		);
	const all = new library.KubeConfig();
	all.clusters = [];
	all.users = [];
	all.contexts = [];
	for (const path of there) {
		const one = readOne(library, path);
		addNew(all.clusters, one.clusters);
		addNew(all.users, one.users);
		addNew(all.contexts, one.contexts);
	}
	return all;
}

function readOne(library: Library, path: string): KubeConfig {
	const config = new library.KubeConfig();
	try {
		config.loadFromFile(path);
		return config;
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		const [why] = (code ?? message).split("\n");
		throw new CliError(
			CLI_EXIT.config,
			`${called(path).replace(/^t/, "T")} cannot be read as a kubeconfig: ${why}`,
			{ cause: error },
		);
	}
}

function addNew<T extends { name: string }>(to: T[], from: readonly T[]) {
	for (const entry of from)
		if (!to.some(({ name }) => name === entry.name)) to.push(entry);
}
