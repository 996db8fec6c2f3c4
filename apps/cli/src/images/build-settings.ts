/** The settings that are build arguments: mirrors and base images of sites that do not reach the public ones. */
import { SETTINGS, type Settings } from "@fireworks/contracts";

export const IMAGE_SETTINGS = [
	"nodeImage",
	"npmRegistry",
	"pythonImage",
	"pipIndexUrl",
	"sparkImage",
	"mavenUrl",
	"imageRegistry",
] as const;

/** For BuildOptions.args. An empty one leaves the Dockerfile's own default. */
export const buildArgsOf = (
	settings: Omit<Settings<(typeof IMAGE_SETTINGS)[number]>, "imageRegistry">,
): Record<string, string> => ({
	NODE_IMAGE: settings.nodeImage,
	NPM_REGISTRY: settings.npmRegistry,
	PYTHON_IMAGE: settings.pythonImage,
	PIP_INDEX_URL: settings.pipIndexUrl,
	SPARK_IMAGE: settings.sparkImage,
	MAVEN_URL:
		settings.mavenUrl === SETTINGS.mavenUrl.standard ? "" : settings.mavenUrl,
});
