/**
 * The built page alone, on the fake middleware: a stream of any size and rate, without the rest of
 * the system on the same cores.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";
import { waitFor } from "../../tests/harness/wait-for.ts";

const DASHBOARD = fileURLToPath(
	new URL("../../apps/dashboard", import.meta.url),
);

export interface Load {
	devices: number;
	intervalMs: number;
	/** Number of ticks in the queue at the start. */
	history: number;
}

export class PageServer {
	readonly url: string;
	readonly websocket: string;
	readonly #folder: string;
	readonly #children: ChildProcess[];

	private constructor(
		url: string,
		websocket: string,
		folder: string,
		children: ChildProcess[],
	) {
		this.#folder = folder;
		this.url = url;
		this.websocket = websocket;
		this.#children = children;
	}

	/** Copies the page first, because a concurrent build removes its files. */
	static async start({
		devices,
		intervalMs,
		history,
	}: Load): Promise<PageServer> {
		const [pagePort, socketPort] = [await freePort(), await freePort()];
		const websocket = `ws://127.0.0.1:${socketPort}/ws`;
		const folder = mkdtempSync(join(tmpdir(), "fireworks-page-"));
		cpSync(`${DASHBOARD}/.next/standalone`, folder, {
			recursive: true,
			verbatimSymlinks: true,
		});
		const node = (args: string[], environment = {}) =>
			spawn(process.execPath, args, {
				env: { PATH: process.env.PATH, ...environment },
				stdio: ["ignore", "ignore", "inherit"],
			});
		const children = [
			node([
				`${DASHBOARD}/test/fake-middleware.ts`,
				...["--port", String(socketPort), "--devices", String(devices)],
				...["--interval", String(intervalMs), "--history", String(history)],
			]),
			node([`${folder}/apps/dashboard/server.js`], {
				PORT: String(pagePort),
				HOSTNAME: "127.0.0.1",
				FIREWORKS_DASHBOARD_WEBSOCKET_URL: websocket,
			}),
		];
		const url = `http://127.0.0.1:${pagePort}/`;
		await waitFor("the page", async () => (await fetch(url)).ok);
		return new PageServer(url, websocket, folder, children);
	}

	async stop(): Promise<void> {
		await Promise.all(
			this.#children.map(async (child) => {
				if (child.exitCode !== null || child.signalCode !== null) return;
				child.kill("SIGKILL");
				await once(child, "exit");
			}),
		);
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
