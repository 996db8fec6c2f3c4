import { expect, test } from "vitest";
import { publicAddress } from "../../src/images/labels.ts";
import { fullName } from "../../src/images/load.ts";

test.each([
	["fireworks/cli:dev-1", "docker.io/fireworks/cli:dev-1"],
	["busybox:1", "docker.io/library/busybox:1"],
	["ghcr.io/a/b:1", "ghcr.io/a/b:1"],
	["localhost:5000/a:1", "localhost:5000/a:1"],
	["localhost/a:1", "localhost/a:1"],
])("%s is %s to containerd", (ref, full) => {
	expect(fullName(ref)).toBe(full);
});

test("a remote's password never gets into a label", () => {
	expect(publicAddress("https://me:secret@example.org/a.git")).toBe(
		"https://example.org/a.git",
	);
	expect(publicAddress("git@example.org:a.git")).toBe("");
	expect(publicAddress("/home/me/a")).toBe("");
	expect(publicAddress("")).toBe("");
});
