/**
 * Records which clone a kind cluster belongs to.
 *
 * The name of a kind cluster is global to the machine, so two clones could use the same cluster.
 * The second would upgrade the first's release, and its `down` would remove the first's data. The
 * owner is a label of an empty Docker volume next to the cluster. bootstrap.sh reads it as well,
 * and the volume exists before the first node does.
 */
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { ROOT } from "../../project.ts";
import { runTool, tryTool } from "../../run-tool.ts";

const RUN = { timeoutMs: 60_000 };
const LABEL = "fireworks.workspace";

const markerOf = (cluster: string): string => `fireworks-cluster-${cluster}`;

/** The root of the clone that owns this cluster; undefined if no clone has claimed it. */
export async function ownerOf(cluster: string): Promise<string | undefined> {
	// Docker's name filter also matches parts of names, so it must be anchored.
	const filter = `name=^${markerOf(cluster)}$`;
	const format = `{{.Name}}\t{{.Label "${LABEL}"}}`;
	const out = await runTool(
		"docker",
		["volume", "ls", "--filter", filter, "--format", format],
		RUN,
	);
	for (const line of out.split("\n")) {
		const [name, owner] = line.split("\t");
		if (name === markerOf(cluster)) return owner ?? "";
	}
	return undefined;
}

/** Claims the cluster for this clone. Throws CliError if another clone was first. */
export async function claim(cluster: string): Promise<void> {
	const label = `${LABEL}=${ROOT}`;
	// Docker leaves an existing volume as it is, so the first clone stays its owner.
	await runTool(
		"docker",
		["volume", "create", "--label", label, markerOf(cluster)],
		RUN,
	);
	const owner = await ownerOf(cluster);
	if (owner !== ROOT) throw belongsToAnother(cluster, owner ?? "");
}

/** Removes this clone's claim. Another clone's claim stays. */
export async function release(cluster: string): Promise<void> {
	if ((await ownerOf(cluster)) === ROOT)
		await tryTool("docker", ["volume", "rm", markerOf(cluster)], RUN);
}

export interface OwnerCheck {
	cluster: string;
	owner: string | undefined;
	/** The cluster exists. */
	exists: boolean;
	/** This clone's state says that its `up` made or used the cluster. */
	remembered: boolean;
}

/** Throws CliError if `up` of this clone must not touch the cluster. */
export function checkOwner(check: OwnerCheck): void {
	const { cluster, owner, exists, remembered } = check;
	if (owner === ROOT) return;
	if (owner !== undefined) throw belongsToAnother(cluster, owner);
	if (!exists || remembered) return;
	throw new CliError(
		CLI_EXIT.failure,
		[
			`There is a kind cluster "${cluster}" already, and this clone did not make it.`,
			ownCluster(cluster),
			`  Or use that one from here: \`docker volume create --label ${LABEL}=${ROOT} ${markerOf(cluster)}\`, then \`up\` again.`,
		].join("\n"),
	);
}

const belongsToAnother = (cluster: string, owner: string): CliError =>
	new CliError(
		CLI_EXIT.failure,
		[
			`The kind cluster "${cluster}" belongs to another clone: ${owner || "of an unknown folder"}.`,
			ownCluster(cluster),
			`  If that clone is gone: \`kind delete cluster --name ${cluster}\` and \`docker volume rm ${markerOf(cluster)}\`.`,
		].join("\n"),
	);

const ownCluster = (cluster: string): string =>
	`  What to do: give this clone its own cluster and ports: \`FIREWORKS_KIND_CLUSTER=${cluster}-2 FIREWORKS_DASHBOARD_PORT=3100 FIREWORKS_MIDDLEWARE_PORT=8180 sh bootstrap.sh\`.`;
