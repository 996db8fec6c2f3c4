/**
 * Writes the bills of materials of images: `pnpm sbom FOLDER IMAGE...`, for example
 * `pnpm sbom sboms fireworks/cli:dev` after `docker buildx bake`. Each is FOLDER/<name>.cdx.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sbomOf } from "./sbom.ts";

const [folder, ...images] = process.argv.slice(2);
if (folder === undefined || images.length === 0)
	throw new Error("Usage: pnpm sbom FOLDER IMAGE...");
mkdirSync(folder, { recursive: true });
for (const image of images) {
	const name = /([^/:@]+)(:[^/]*)?$/.exec(image)?.[1] ?? image;
	const file = join(folder, `${name}.cdx.json`);
	writeFileSync(file, await sbomOf(name, image));
	console.log(file);
}
