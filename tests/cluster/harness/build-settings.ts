/** bootstrap.sh knows settings of the devcontainer's build (mirrors); the command has none, and refuses what it does not know. */
export const withoutBuildSettings = (
	all: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv =>
	Object.fromEntries(
		Object.entries(all).filter(
			([name]) =>
				!/^FIREWORKS_((DOCKER_CLI|BUILDX|KIND|KUBECTL|HELM)_(URL|SHA256)|DEVCONTAINER_IMAGE)$/.test(
					name,
				),
		),
	);
