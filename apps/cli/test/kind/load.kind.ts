/** Loading an image into a real kind node. Needs Docker and kind; part of the suite `cluster`. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importArchive } from "../../src/cluster/images/load.ts";
import { partialImage } from "../support/partial-image.ts";
import { tempFolder } from "../support/temp.ts";

const CLUSTER = "fireworks-load";
const NODE = `${CLUSTER}-control-plane`;
const REF = "docker.io/fireworks/partial:1";
const folder = tempFolder();
const kubeconfig = [
	"--name",
	CLUSTER,
	"--kubeconfig",
	join(folder, "kubeconfig"),
];

const run = promisify(execFile);

beforeAll(() => run("kind", ["create", "cluster", ...kubeconfig]));
afterAll(() => run("kind", ["delete", "cluster", ...kubeconfig]));

test("an image of which Docker has only one platform is loaded, although `kind load` fails", async () => {
	const files = join(folder, "partial");
	mkdirSync(files);
	const archive = partialImage(files, REF);
	await expect(
		run("kind", ["load", "image-archive", archive, "--name", CLUSTER]),
	).rejects.toThrow(/content digest sha256:\w+: not found/);
	await importArchive(NODE, archive, [REF]);
	const { stdout } = await run("docker", [
		...["exec", NODE, "ctr", "--namespace=k8s.io"],
		...["images", "check", `name==${REF}`],
	]);
	expect(stdout).toMatch(/docker\.io\/fireworks\/partial:1 .* complete /);
});
