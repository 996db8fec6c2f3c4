import { expect, test } from "vitest";
import { imageNames } from "../../../src/cluster/images/build.ts";
import { fullName } from "../../../src/cluster/images/load.ts";

test.each([
	["fireworks/cli:dev-1", "docker.io/fireworks/cli:dev-1"],
	["busybox:1", "docker.io/library/busybox:1"],
	["ghcr.io/a/b:1", "ghcr.io/a/b:1"],
	["localhost:5000/a:1", "localhost:5000/a:1"],
	["localhost/a:1", "localhost/a:1"],
])("containerd calls %s %s", (ref, full) => {
	expect(fullName(ref)).toBe(full);
});

test("another engine's image replaces the processor's; pipelines have one image, and optional parts theirs, if they run", () => {
	expect(imageNames("typescript")).toEqual([
		"metronome",
		"processor",
		"middleware",
		"dashboard",
		"cli",
	]);
	expect(imageNames("typescript", ["weather"]).at(-1)).toBe("pipelines");
	expect(imageNames("typescript", [], ["ingest"])).toContain("ingest");
	expect(imageNames("python")).toContain("engine-python");
	expect(imageNames("python")).not.toContain("processor");
});
