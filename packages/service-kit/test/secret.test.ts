import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SettingsError } from "@fireworks/contracts";
import { afterAll, expect, test } from "vitest";
import { secretOf } from "../src/secret.ts";
import { unreadable } from "../src/unreadable.ts";

const dir = mkdtempSync(join(tmpdir(), "fireworks-secret-"));
afterAll(() => rmSync(dir, { recursive: true }));
const fileOf = (text: string): string => {
	const path = join(dir, "secret");
	writeFileSync(path, text);
	return path;
};
const secret = (value: string, path: string) =>
	secretOf(
		{ middlewareBearerToken: value, middlewareBearerTokenFile: path },
		"middlewareBearerToken",
	);

test("as a value, as a file, or not at all", () => {
	expect(secret("", "")).toBe("");
	expect(secret("a", "")).toBe("a");
	expect(secret("", fileOf("a b "))).toBe("a b ");
	expect(secret("", fileOf("a\n\n"))).toBe("a\n");
	expect(secret("", fileOf("a\r\n"))).toBe("a");
});

test("an empty or missing file is reported by the variable's name", () => {
	for (const path of [fileOf("\n"), join(dir, "absent")]) {
		expect(() => secret("", path)).toThrow(SettingsError);
		expect(() => secret("", path)).toThrow(
			/^FIREWORKS_MIDDLEWARE_BEARER_TOKEN_FILE=/,
		);
	}
});

test("what can be read is a file", () => {
	expect(unreadable(fileOf("a"))).toBeUndefined();
	expect(unreadable(dir)).toBe("it is not a file");
	expect(unreadable(join(dir, "absent"))).toContain("ENOENT");
});
