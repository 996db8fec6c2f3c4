/**
 * The page's server as a process: Next answers the requests, the relays take the websocket and the
 * questions to the lake.
 *
 * It starts and ends like every service of Fireworks: with invalid settings it exits with 78, after
 * SIGTERM with 0. In the build it is `server.js` next to Next's standalone files
 * (scripts/build.ts). `pnpm dev` runs it from the sources.
 */

import { EventEmitter } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	EXIT,
	ignoredWarnings,
	parseSettings,
	SettingsError,
} from "@fireworks/contracts";
import { secretOf } from "@fireworks/service-kit/secret";
import { LakeRelay } from "./lake-relay.ts";
import { listen } from "./listen.ts";
import { createLog } from "./log.ts";
import { Relay } from "./relay.ts";
import { middlewareUrls, NAMES, type ServerSettings } from "./settings.ts";

/**
 * Requests are answered in milliseconds. A request that is still open after this belongs to a
 * client that does not read.
 */
const STOP_GRACE_MS = 1_000;

/** Websockets that are relayed at the same time. Each takes two sockets and their buffers. */
const RELAYED_CLIENTS_MAX = 2_000;

const here = dirname(fileURLToPath(import.meta.url));
const development = process.env.NODE_ENV === "development";
const { settings, secret, lakeToken } = readSettings();
const log = createLog(settings.logLevel);
for (const warning of ignoredWarnings(Object.keys(process.env)))
	log("warn", {}, warning);
const relay = new Relay({
	middlewares: new Map(
		[...middlewareUrls(settings)].map(([path, url]) => [path, { url, secret }]),
	),
	clientsMax: RELAYED_CLIENTS_MAX,
	log,
});
const lakeRelay = new LakeRelay({
	url: settings.dashboardLakeUrl,
	bearerToken: lakeToken,
	log,
});
// Next's own variables take precedence: the image and the local system set them.
const port = Number(process.env.PORT || settings.dashboardPort);
const host = process.env.HOSTNAME || settings.host;
try {
	await serve();
} catch (error) {
	log("fatal", { port, host, why: (error as Error).message }, "not started");
	process.exit(EXIT.failure);
}

function readSettings() {
	try {
		const settings: ServerSettings = parseSettings(process.env, NAMES);
		return {
			settings,
			secret: secretOf(settings, "relaySecret"),
			lakeToken: secretOf(settings, "lakeQueryBearerToken"),
		};
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		const log = createLog("info");
		for (const { name, value, expected } of error.problems)
			log("fatal", { setting: name, value, expected }, "wrong setting");
		const problems = error.problems.length;
		log("fatal", { problems }, "not started: the settings are wrong");
		process.exit(EXIT.config);
	}
}

async function serve(): Promise<void> {
	const next = await prepareNext();
	const servers = await listen(host, port, (request, response) => {
		if (!lakeRelay.take(request, response)) next.answer(request, response);
	});
	for (const server of servers)
		server.on("upgrade", (request: IncomingMessage, socket: Socket, head) => {
			if (relay.take(request, socket, head)) return;
			if (development) next.upgrade(request, socket, head);
			else socket.destroy();
		});
	for (const signal of ["SIGTERM", "SIGINT"] as const)
		process.once(signal, () => stop(signal, servers));
	const middleware = [...middlewareUrls(settings).values()];
	log("info", { port, host, middleware }, "the page is served");
}

/** Prepares Next, which handles everything but the relay. */
async function prepareNext() {
	const dir = development ? join(here, "../..") : here;
	const manifest = join(dir, ".next/required-server-files.json");
	if (!development && existsSync(manifest)) {
		process.chdir(dir);
		const { config } = JSON.parse(readFileSync(manifest, "utf8"));
		// As in Next's own server.js: the standalone folder has no next.config.
		process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
	}
	const { default: next } = await import("next");
	const app = next({
		dev: development,
		dir,
		hostname: host,
		port,
		// Next would otherwise handle every upgrade of the server itself.
		httpServer: new EventEmitter() as Server,
	});
	await app.prepare();
	return { answer: app.getRequestHandler(), upgrade: app.getUpgradeHandler() };
}

/** Without a time limit, a slow client would keep the server from stopping. */
function stop(signal: string, servers: readonly Server[]): void {
	log("info", { signal, graceMs: STOP_GRACE_MS }, "stopping");
	relay.end();
	let open = servers.length;
	for (const server of servers) {
		server.close(() => {
			open -= 1;
			if (open === 0) process.exit(EXIT.ok);
		});
		server.closeIdleConnections();
	}
	setTimeout(() => process.exit(EXIT.ok), STOP_GRACE_MS).unref();
}
