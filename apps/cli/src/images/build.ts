/** Builds the images that are not there yet: what an image's name says it holds, need not be built again. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../project.ts";
import { ENGINE_IMAGES, IMAGES, type ImageDefinition } from "./catalogue.ts";
import { contentTag, dockerfilePath, setTag } from "./content.ts";
import { hasImage, ImageError, run } from "./docker.ts";
import { sourceLabels } from "./labels.ts";

export interface BuildOptions {
	/** Which of the catalogue; default: IMAGES. Engines' images by name, e.g. "engine-python". */
	names?: readonly string[];
	/** Named so instead of by content, e.g. "0.2.0"; built every time (Docker's cache makes that cheap). */
	tag?: string;
	/** e.g. "ghcr.io/acme"; put before "fireworks/<name>". */
	registry?: string;
	/** Build arguments besides the catalogue's: NODE_IMAGE, NPM_REGISTRY, ... Empty ones are left out. */
	args?: Readonly<Record<string, string>>;
	/** e.g. "linux/amd64,linux/arm64": by buildx, which keeps several platforms nowhere but in a registry: with push. */
	platform?: string;
	/** Into the registry. */
	push?: boolean;
	/** Where each build's output goes; default `.fireworks/images` of the clone. */
	logFolder?: string;
	/** e.g. "metronome: building", "metronome: there". */
	onProgress?: (text: string) => void;
}

export interface BuiltImage {
	name: string;
	/** e.g. "fireworks/metronome:dev-1a2b3c4d5e6f"; with its own content's tag, or the given one. */
	ref: string;
	/** Of `ref`. */
	tag: string;
	/** false: it was there. */
	built: boolean;
	ms: number;
}

export interface BuildResult {
	/** The given tag, or one for the contents of all: equal means that nothing changed. No image has the latter as its name. */
	tag: string;
	images: BuiltImage[];
}

/** One after the other: they share their first stages, and a machine its cores. Throws ImageError. */
export async function buildImages(
	options: BuildOptions = {},
): Promise<BuildResult> {
	const { onProgress = () => {} } = options;
	if (options.platform?.includes(",") && !options.push)
		throw new ImageError("Several platforms at once can only be pushed");
	const planned = plan(options);
	const tag = options.tag ?? setTag(planned.map((image) => image.tag));
	const images: BuiltImage[] = [];
	for (const image of planned) {
		const { name, ref } = image;
		const started = performance.now();
		const built = options.tag !== undefined || !(await hasImage(ref));
		onProgress(`${name}: ${built ? "building" : "there"}`);
		if (built) await build(image, options);
		// buildx has pushed what it built by itself.
		if (options.push && !options.platform)
			await run("docker", ["push", "--quiet", ref]);
		const ms = performance.now() - started;
		images.push({ name, ref, tag: image.tag, built, ms });
	}
	return { tag, images };
}

interface PlannedImage {
	definition: ImageDefinition;
	name: string;
	args: Record<string, string>;
	tag: string;
	ref: string;
}

/** The images with their names, without Docker. */
export function plan(options: BuildOptions): PlannedImage[] {
	return chosen(options.names).map((definition) => {
		const { name } = definition;
		const given = Object.entries(options.args ?? {}).filter(
			([, v]) => v !== "",
		);
		const args = { ...Object.fromEntries(given), ...definition.args };
		const tag = options.tag ?? contentTag(ROOT, definition, args);
		const ref = `${repository(name, options.registry)}:${tag}`;
		return { definition, name, args, tag, ref };
	});
}

function chosen(names: BuildOptions["names"]): readonly ImageDefinition[] {
	if (names === undefined) return IMAGES;
	const all = [...IMAGES, ...ENGINE_IMAGES];
	return names.map((name) => {
		const found = all.find((image) => image.name === name);
		if (found) return found;
		const known = all.map((image) => image.name).join(", ");
		throw new ImageError(`There is no image ${name}; there are ${known}`);
	});
}

const repository = (name: string, registry = ""): string =>
	`${registry === "" ? "" : `${registry.replace(/\/+$/, "")}/`}fireworks/${name}`;

async function build(
	image: PlannedImage,
	options: BuildOptions,
): Promise<void> {
	const { definition, name, ref } = image;
	const logFolder = options.logFolder ?? join(ROOT, ".fireworks/images");
	mkdirSync(logFolder, { recursive: true });
	const labels = {
		...sourceLabels(ROOT),
		VERSION: version(options.tag),
		TITLE: definition.title,
	};
	const args = Object.entries({ ...labels, ...image.args });
	await run(
		"docker",
		[
			...(options.platform
				? [
						"buildx",
						"build",
						`--platform=${options.platform}`,
						options.push ? "--push" : "--load",
					]
				: ["build"]),
			`--file=${dockerfilePath(definition)}`,
			`--tag=${ref}`,
			...args.map(([key, value]) => `--build-arg=${key}=${value}`),
			".",
		],
		{ cwd: ROOT, logFile: join(logFolder, `${name}.log`) },
	);
}

/** A given tag is the version; otherwise the project's. */
function version(tag: string | undefined): string {
	if (tag !== undefined) return tag;
	const file = join(ROOT, "apps/cli/package.json");
	return JSON.parse(readFileSync(file, "utf8")).version;
}
