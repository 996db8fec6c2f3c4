/**
 * The devcontainer's tools: they are pinned in tools.env, and every other file that names them
 * names the same versions.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const pinned = new Map(
	read(".devcontainer/tools.env")
		.split("\n")
		.filter((line) => /^[A-Z]/.test(line))
		.map((line) => line.split("=", 2) as [string, string]),
);
const tools = [...pinned.keys()]
	.filter((name) => name.endsWith("_URL"))
	.map((name) => name.slice(0, -"_URL".length));

test("each tool has a version, an https address that contains it, and a SHA-256 for both architectures", () => {
	expect(tools).toHaveLength(5);
	for (const tool of tools) {
		expect(pinned.get(`${tool}_VERSION`), tool).toMatch(/^\d+\.\d+\.\d+$/);
		expect(pinned.get(`${tool}_URL`), tool).toMatch(/^https:\/\//);
		expect(pinned.get(`${tool}_URL`), tool).toContain(`$${tool}_VERSION`);
		for (const arch of ["amd64", "arm64"])
			expect(pinned.get(`${tool}_SHA256_${arch}`), tool).toMatch(
				/^[0-9a-f]{64}$/,
			);
	}
});

test("pnpm is the one of package.json", () => {
	expect(`pnpm@${pinned.get("PNPM_VERSION")}`).toBe(
		JSON.parse(read("package.json")).packageManager,
	);
});

test("every address and checksum can be set: in the Dockerfile, in devcontainer.json, by bootstrap.sh", () => {
	const names = tools.flatMap((tool) => [`${tool}_URL`, `${tool}_SHA256`]);
	const args = [...read(".devcontainer/Dockerfile").matchAll(/^ARG (.*)$/gm)]
		.flatMap(([, list]) => (list ?? "").split(" "))
		.map((one) => one.replace(/=$/, ""));
	expect(args.sort()).toEqual(["BASE_IMAGE", ...names].sort());
	const given = read(".devcontainer/devcontainer.json");
	for (const name of names)
		expect(given).toContain(`"${name}": "\${localEnv:FIREWORKS_${name}}"`);
	expect(/^TOOLS="(.*)"$/m.exec(read("scripts/bootstrap/image.sh"))?.[1]).toBe(
		tools.join(" "),
	);
});

describe("the shell scripts are ones for any sh", () => {
	const scripts = [
		"",
		"scripts",
		"scripts/bootstrap",
		".devcontainer",
		".devcontainer/network",
	]
		.flatMap((folder) =>
			readdirSync(join(ROOT, folder)).map((name) => join(folder, name)),
		)
		.filter((path) => path.endsWith(".sh"));

	test.each(scripts)("%s", (path) => {
		execFileSync("sh", ["-n", join(ROOT, path)], { stdio: "pipe" });
	});
});
