/** Only the token from the mounted file is accepted. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "@fireworks/contracts";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { MIDDLEWARE_SETTINGS } from "../../src/settings.ts";
import { type Running, run } from "../support/running.ts";

const dir = mkdtempSync(join(tmpdir(), "fireworks-token-"));
let running: Running | undefined;
afterEach(async () => {
	await running?.end();
	rmSync(dir, { recursive: true });
});

const connects = (port: number, token: string): Promise<string> =>
	new Promise((resolve) => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, "fireworks.v1", {
			headers: { authorization: `Bearer ${token}` },
		});
		socket.once("open", () => {
			socket.terminate();
			resolve("open");
		});
		socket.once("error", (error) => resolve(error.message));
	});

test("the bearer token of a file", async () => {
	const path = join(dir, "token");
	writeFileSync(path, "from-the-file\n");
	running = await run({ middlewareBearerTokenFile: path });
	expect(await connects(running.port, "from-the-file")).toBe("open");
	expect(await connects(running.port, "another")).toContain("401");
	expect(() =>
		parseSettings(
			{
				FIREWORKS_MIDDLEWARE_BEARER_TOKEN: "a",
				FIREWORKS_MIDDLEWARE_BEARER_TOKEN_FILE: path,
			},
			MIDDLEWARE_SETTINGS,
		),
	).toThrow(/^FIREWORKS_MIDDLEWARE_BEARER_TOKEN_FILE=.*: expected nothing/);
});
