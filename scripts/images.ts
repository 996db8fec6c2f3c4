/**
 * Builds the images: `pnpm images [NAME...] [--tag T] [--registry R] [--platform P] [--push] [--sbom FOLDER]`; on stdout their names, a line each.
 *
 * Without --tag an image is named by its content, and built where Docker has none of that name. Base image, npm mirror and registry are also settings
 * (FIREWORKS_NODE_IMAGE, FIREWORKS_NPM_REGISTRY, FIREWORKS_IMAGE_REGISTRY). For several platforms: a buildx builder of your own,
 * `pnpm images --tag 0.2.0 --registry ghcr.io/acme --platform linux/amd64,linux/arm64 --push`. --sbom also writes FOLDER/<name>.cdx.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseSettings, SettingsError } from "@fireworks/contracts";
import {
	type BuildOptions,
	buildArgsOf,
	buildImages,
	IMAGE_SETTINGS,
	ImageError,
} from "../apps/cli/src/images/index.ts";
import { duration } from "../apps/cli/src/ui/format.ts";
import { sbomOf } from "./sbom/sbom.ts";

try {
	const { values: given, positionals: names } = parseArgs({
		allowPositionals: true,
		options: {
			tag: { type: "string" },
			registry: { type: "string" },
			platform: { type: "string" },
			push: { type: "boolean" },
			sbom: { type: "string" },
		},
	});
	const settings = parseSettings(process.env, IMAGE_SETTINGS);
	const { tag, platform, push = false, sbom } = given;
	const options: BuildOptions = {
		registry: given.registry ?? settings.imageRegistry,
		args: buildArgsOf(settings),
		push,
		onProgress: (text) => console.error(`… ${text}`),
		...(tag && { tag }),
		...(platform && { platform }),
		...(names.length > 0 && { names }),
	};
	const started = performance.now();
	const { images } = await buildImages(options);
	for (const { name, built, ms } of images)
		console.error(
			`✓ ${name.padEnd(14)} ${duration(ms).padStart(8)}  ${built ? "built" : "there"}`,
		);
	console.error(`${duration(performance.now() - started)} in all`);
	if (sbom) {
		mkdirSync(sbom, { recursive: true });
		for (const { name, ref } of images)
			writeFileSync(join(sbom, `${name}.cdx.json`), await sbomOf(name, ref));
		console.error(`SBOMs (CycloneDX) in ${sbom}`);
	}
	for (const { ref } of images) console.log(ref);
} catch (error) {
	const told =
		error instanceof ImageError ||
		error instanceof SettingsError ||
		(error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
	console.error(told ? (error as Error).message : error);
	process.exitCode = 1;
}
