/** Where `fireworks ingest` writes to. */
import { afterEach, expect, test, vi } from "vitest";
import { ingest } from "../../src/commands/ingest.ts";
import { tempFolder } from "../support/temp.ts";

const folder = tempFolder();
afterEach(() => vi.unstubAllEnvs());

test("on another target the brokers must be named", async () => {
	vi.stubEnv("FIREWORKS_STATE_DIR", folder);
	vi.stubEnv("FIREWORKS_BROKERS", undefined);
	vi.stubEnv("FIREWORKS_TARGET", "kind");
	await expect(ingest(["x.csv", "--stream", "x"])).rejects.toThrow(
		/target kind, .*\n.*FIREWORKS_BROKERS=/,
	);
});
