import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { IMAGES } from "../../src/images/catalogue.ts";
import { copySources } from "../../src/images/dockerfile.ts";
import { ROOT } from "../../src/project.ts";

describe("the sources of COPY lines", () => {
	test("several a line, flags, continuations and comments", () => {
		const text = `
# COPY comment /
FROM scratch
COPY a b/c /to/
copy --chown=1000:1000 d \\
# in between
  e /to
COPY --from=build /x /y
`;
		expect(copySources(text)).toEqual(["a", "b/c", "d", "e"]);
	});

	test("build arguments: given, by default, by another one's, and absent", () => {
		const text = `
ARG SERVICE=metronome
ARG FOLDER="services/\${SERVICE}"
COPY \${FOLDER} $SERVICE \${NONE:-x}/y /to
`;
		expect(copySources(text)).toEqual([
			"services/metronome",
			"metronome",
			"x/y",
		]);
		expect(copySources(text, { SERVICE: "cli", FOLDER: "apps/cli" })).toEqual([
			"apps/cli",
			"cli",
			"x/y",
		]);
	});

	test("what it does not know is refused, not overlooked", () => {
		expect(() => copySources("ADD a /")).toThrow("ADD");
		expect(() => copySources('COPY ["a", "/"]')).toThrow("JSON");
	});
});

describe("our Dockerfiles", () => {
	const text = (name: string) =>
		readFileSync(join(ROOT, "docker", name), "utf8");

	test("share the stages up to the installed packages, line for line", () => {
		const shared = (name: string) => {
			const found =
				/\n# --- the same in every.*# --- the same up to here ---\n/s.exec(
					text(name),
				);
			return found?.[0];
		};
		expect(shared("service.Dockerfile")).toMatch(/pnpm install/);
		expect(shared("dashboard.Dockerfile")).toBe(shared("service.Dockerfile"));
	});

	test("install every package of the workspace that an image is made of", () => {
		const sources = copySources(text("service.Dockerfile"));
		const manifests = sources.filter((s) => /^\w+\/.*package\.json$/.test(s));
		const folders = manifests.map((m) => m.replace("/package.json", ""));
		for (const folder of folders) {
			const { dependencies = {} } = JSON.parse(
				readFileSync(join(ROOT, folder, "package.json"), "utf8"),
			);
			for (const name of Object.keys(dependencies))
				if (name.startsWith("@fireworks/"))
					expect(folders, `what ${folder} needs`).toContain(
						name.replace("@fireworks/", "packages/"),
					);
		}
		for (const { args } of IMAGES.filter((i) => i.args))
			expect(folders).toContain(args?.FOLDER ?? `services/${args?.SERVICE}`);
	});
});
