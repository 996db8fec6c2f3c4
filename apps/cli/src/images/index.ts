/**
 * Images: built from this clone with `docker build`, named by their content, and loaded into kind's nodes.
 *
 *   const { tag, images } = await buildImages({ onProgress: say });
 *   await loadIntoKind({ cluster: "fireworks", refs: [...images.map((i) => i.ref), "apache/kafka:4.3.1"] });
 *
 * Each image is named by what it is built from (`fireworks/metronome:dev-1a2b3c4d5e6f`): files, Dockerfile, build arguments; not git, not time. So a
 * change in one service makes one new image, and only that part of the release rolls (the chart takes an image for each part).
 * Failures are ImageError, with the end of the log in their message.
 */
export {
	type BuildOptions,
	type BuildResult,
	type BuiltImage,
	buildImages,
} from "./build.ts";
export { buildArgsOf, IMAGE_SETTINGS } from "./build-settings.ts";
export { ENGINE_IMAGES, IMAGES, type ImageDefinition } from "./catalogue.ts";
export { ImageError } from "./docker.ts";
export {
	type KindConfigOptions,
	kindConfig,
	NODE_PORTS,
} from "./kind-config.ts";
export { type LoadOptions, type LoadResult, loadIntoKind } from "./load.ts";
