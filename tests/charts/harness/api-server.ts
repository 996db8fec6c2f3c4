/**
 * A cluster's answers to helm's `lookup`, over HTTP. helm itself runs for real, and sees one
 * StatefulSet.
 */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { CHART, HELM, type Rendered } from "./chart.ts";

const run = promisify(execFile);

const APPS = {
	kind: "APIResourceList",
	apiVersion: "v1",
	groupVersion: "apps/v1",
	resources: [
		{
			name: "statefulsets",
			singularName: "statefulset",
			namespaced: true,
			kind: "StatefulSet",
			verbs: ["get", "list"],
		},
	],
};

const KUBECONFIG_OF_NOBODY = "/dev/null";

/**
 * Renders the chart for a cluster that has this StatefulSet installed. Returns the exit code and
 * helm's output.
 */
export async function renderUpgrade(
	installed: Rendered,
	args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
	const { namespace, name } = installed.metadata;
	const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`;
	const server = createServer((request, response) => {
		const url = (request.url ?? "").split("?")[0];
		const body =
			url === "/apis/apps/v1" ? APPS : url === path ? installed : undefined;
		response.writeHead(body ? 200 : 404, {
			"content-type": "application/json",
		});
		response.end(
			JSON.stringify(
				body ?? {
					kind: "Status",
					status: "Failure",
					reason: "NotFound",
					code: 404,
				},
			),
		);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	try {
		const { stdout, stderr } = await run(
			HELM,
			// biome-ignore format: one option and its value a line would be longer
			["template", "fireworks", CHART, "-n", namespace, "--dry-run=server", "--kube-apiserver", `http://127.0.0.1:${port}`, ...args],
			{ env: { ...process.env, KUBECONFIG: KUBECONFIG_OF_NOBODY } },
		);
		return { code: 0, stdout, stderr };
	} catch (error) {
		const failed = error as { code: number; stdout: string; stderr: string };
		if (typeof failed.code !== "number") throw error;
		return failed;
	} finally {
		server.close();
	}
}
