/**
 * This process never sends a request for the cluster to a proxy of the environment, even if Node
 * itself is set to use it.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { recordingProxy } from "../../../../../tests/harness/recording-proxy.ts";
import { apiServer } from "../../support/api-server.ts";
import { tempFolder } from "../../support/temp.ts";

const folder = tempFolder();
const src = fileURLToPath(new URL("../../../src", import.meta.url));

/** Every way in which the CLI talks to a cluster or a forwarded port. */
const WAYS = `
	import { connect } from "${src}/cluster/kube/client.ts";
	import { getText } from "${src}/cluster/kube/raw-request.ts";
	import { dataMoves } from "${src}/local/supervisor/data-probe.ts";
	import { askProbe } from "${src}/local/supervisor/http-probe.ts";
	const { kubeconfig, context, host } = JSON.parse(process.argv[1]);
	const kube = await connect({ kubeconfig, context });
	const asked = [
		(await kube.core.listNode()).items.length,
		await getText(kube, "/text"),
		await askProbe("http://" + host + "/", 5_000),
		await dataMoves({ address: host, snapshotWillDo: false }, AbortSignal.timeout(500)),
	];
	console.log(JSON.stringify(asked));
	await fetch("http://" + host + "/");
	process.exit();
`;

test("client, raw requests, probes and websocket reach the cluster directly", async () => {
	const proxy = await recordingProxy("127.0.0.1");
	onTestFinished(() => proxy.close());
	const access = await apiServer(folder, (path) =>
		path === "/api/v1/nodes"
			? { status: 200, body: { items: [] } }
			: path === "/text"
				? { status: 200, body: "text" }
				: undefined,
	);
	let upgrades = 0;
	const page = createServer((_, answer) => answer.end("page"));
	page.on("upgrade", (_, socket) => {
		upgrades++;
		socket.destroy();
	});
	page.listen(0, "127.0.0.1");
	await once(page, "listening");
	onTestFinished(() => {
		page.close();
	});
	const host = `127.0.0.1:${(page.address() as AddressInfo).port}`;
	const { stdout } = await promisify(execFile)(
		process.execPath,
		[
			"--input-type=module",
			"--eval",
			WAYS,
			JSON.stringify({ ...access, host }),
		],
		{
			env: {
				PATH: process.env.PATH,
				NODE_USE_ENV_PROXY: "1",
				http_proxy: proxy.url,
				https_proxy: proxy.url,
			},
		},
	);
	expect(JSON.parse(stdout)).toEqual([0, '"text"', null, false]);
	expect(upgrades).toBeGreaterThan(0);
	// The plain fetch at the end shows that Node did use the proxy.
	expect(proxy.asked).toEqual([host]);
});
