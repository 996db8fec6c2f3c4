import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../../src/project.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

test("docker/Dockerfile installs every package of the workspace that an image needs", () => {
	const manifests = read("docker/Dockerfile").matchAll(
		/^COPY (\S+)\/package\.json /gm,
	);
	const folders = [...manifests].map(([, folder = ""]) => folder);
	const services = [...read("docker-bake.hcl").matchAll(/SERVICE = "(\w+)"/g)]
		.map(([, name]) => name)
		.filter((name) => name !== "cli")
		.map((name) => `services/${name}`);
	expect(services.length).toBeGreaterThan(0);
	expect(folders).toEqual(
		expect.arrayContaining([...services, "apps/cli", "apps/dashboard"]),
	);
	for (const folder of folders) {
		const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`));
		for (const name of Object.keys(dependencies))
			if (name.startsWith("@fireworks/"))
				expect(folders, `a dependency of ${folder}`).toContain(
					name.replace("@fireworks/", "packages/"),
				);
	}
});
