/** The settings that are build arguments: mirrors and base images of sites that do not reach the public ones. */
import type { Settings } from "@fireworks/contracts";

export const IMAGE_SETTINGS = [
	"nodeImage",
	"npmRegistry",
	"pythonImage",
	"pipIndexUrl",
	"imageRegistry",
] as const;

/** For BuildOptions.args. An empty one leaves the Dockerfile's own default. */
export const buildArgsOf = (
	settings: Pick<
		Settings<(typeof IMAGE_SETTINGS)[number]>,
		"nodeImage" | "npmRegistry" | "pythonImage" | "pipIndexUrl"
	>,
): Record<string, string> => ({
	NODE_IMAGE: settings.nodeImage,
	NPM_REGISTRY: settings.npmRegistry,
	PYTHON_IMAGE: settings.pythonImage,
	PIP_INDEX_URL: settings.pipIndexUrl,
});
