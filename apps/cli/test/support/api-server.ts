/** An API server on the loopback with prepared answers, and a kubeconfig for it. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface Answer {
	status: number;
	body: unknown;
}

/** The answer for a path without its query; undefined: 404. */
export type Answers = (
	path: string,
	request: IncomingMessage,
) => Answer | undefined;

/** Returns what `connect` needs. */
export async function apiServer(folder: string, answers: Answers) {
	const server = createServer((request, response) => {
		const path = (request.url ?? "").split("?")[0] ?? "";
		const { status, body } = answers(path, request) ?? {
			status: 404,
			body: {},
		};
		response.writeHead(status, { "content-type": "application/json" });
		response.end(JSON.stringify(body));
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	const { port } = server.address() as AddressInfo;
	const kubeconfig = join(folder, `kubeconfig-${port}`);
	writeFileSync(
		kubeconfig,
		`apiVersion: v1
kind: Config
clusters: [{name: here, cluster: {server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true}}]
users: [{name: here, user: {}}]
contexts: [{name: here, context: {cluster: here, user: here}}]
`,
	);
	return { kubeconfig, context: "here" };
}
