# shellcheck shell=sh disable=SC2034,SC2154
# Builds the devcontainer's image, and explains a failed build. Sourced by bootstrap.sh.

TOOLS="DOCKER_CLI BUILDX KIND KUBECTL HELM"

short_sum() { cksum | awk '{ printf "%08x", $1 }'; }

# build_arguments: prints one "NAME=value" per line, for the settings that are set.
build_arguments() {
	[ -z "${FIREWORKS_DEVCONTAINER_IMAGE:-}" ] || echo "BASE_IMAGE=$FIREWORKS_DEVCONTAINER_IMAGE"
	for tool in $TOOLS; do
		for what in URL SHA256; do
			eval "given=\${FIREWORKS_${tool}_$what:-}"
			[ -z "$given" ] || echo "${tool}_$what=$given"
		done
	done
}

image_sum() {
	(
		cd "$root/.devcontainer" || exit
		cat Dockerfile tools.env install-tools.sh entry.sh
		build_arguments
		uname -m
	) | short_sum
}

build_image() {
	set -- --tag "$image" --label fireworks.devcontainer=image
	# An empty here-document gives one empty line, which Docker refuses as an argument.
	while read -r argument; do [ -z "$argument" ] || set -- "$@" --build-arg "$argument"; done <<-END
		$(build_arguments)
	END
	# Passed by name, so a password in a proxy's address appears in no process list. Docker knows
	# these arguments without an ARG, and keeps them out of the image.
	for name in $(proxy_names); do set -- "$@" --build-arg "$name"; done
	folder=$root/.devcontainer
	# A Docker client without the buildx plugin can only use the legacy builder.
	buildkit=0
	! docker buildx version >/dev/null 2>&1 || buildkit=1
	DOCKER_BUILDKIT=$buildkit docker build "$@" "$folder"
}

# explain_image LOG: says why the build failed and what to do, if the log shows a known cause.
explain_image() {
	base=${FIREWORKS_DEVCONTAINER_IMAGE:-$(sed -n 's/^FROM .*:-\(.*\)}$/\1/p' "$root/.devcontainer/Dockerfile")}
	# These lines come from install-tools.sh; BuildKit puts step numbers and times before them.
	missing=$(sed -n 's/.*[^A-Z_]\([A-Z_]*\) cannot be fetched from \(.*\)\. A mirror: .*/\1 \2/p' "$1" | head -n 1)
	changed=$(sed -n 's/.*[^A-Z_]\([A-Z_]* from .* has the checksum .*\)/\1/p' "$1" | head -n 1)
	reason=$(grep -o 'curl: ([0-9]*).*' "$1" | head -n 1)
	if [ -n "$missing" ]; then
		tool=${missing%% *}
		fail "$tool cannot be downloaded from ${missing#* }${reason:+ ($reason)}." \
			"  What to do: see that this address can be reached from a container (network; a proxy: https_proxy)," \
			"  or name a mirror: \`FIREWORKS_${tool}_URL=https://mirror.example.com/... sh bootstrap.sh\` (docs/use/devcontainer.md)."
	elif [ -n "$changed" ]; then
		tool=${changed%% *}
		fail "$changed" \
			"  What to do: if that file is the one you mean, set FIREWORKS_${tool}_SHA256 to its checksum." \
			"  If not: something between you and that address changes the file."
	elif grep -qiE 'failed to (resolve|solve)[^|]*(metadata|manifest|reference)|pull access denied|manifest unknown|toomanyrequests|registry-1|error getting credentials' "$1"; then
		fail "The image $base cannot be pulled." \
			"  What to do: see that \`docker pull $base\` works (network, proxy, login), or name a Debian-based image with Node 24 that you have:" \
			"  \`FIREWORKS_DEVCONTAINER_IMAGE=registry.example.com/node:24-bookworm sh bootstrap.sh\`"
	elif grep -qi 'no space left' "$1"; then
		fail "The disk is full." "  What to do: \`docker system df\` shows what takes the room, \`docker builder prune\` frees some."
	elif grep -qE 'Temporary failure resolving|Unable to (fetch|locate)|Failed to fetch|Could not connect to' "$1"; then
		fail "Debian's packages cannot be downloaded during the build." \
			"  What to do: see that a container reaches the network: \`docker run --rm $base apt-get update\`." \
			"  Behind a proxy: set http_proxy and https_proxy, to an address that containers can reach."
	elif grep -qE 'npm (error|ERR!)' "$1"; then
		fail "pnpm cannot be installed from the npm registry during the build." \
			"  What to do: see that a container reaches https://registry.npmjs.org (network; a proxy: https_proxy)."
	fi
}

current_image() { image=fireworks-devcontainer:$(image_sum); }

provide_image() {
	current_image
	docker image inspect "$image" >/dev/null 2>&1 && return
	on_failure=explain_image
	step "Building the devcontainer" build_image
	on_failure=
}

# present_image: finds the image of these sources, or else any other devcontainer image. Fails if
# there is none. It builds nothing.
present_image() {
	current_image
	docker image inspect "$image" >/dev/null 2>&1 && return
	image=$(docker images --format '{{.Repository}}:{{.Tag}}' --filter label=fireworks.devcontainer=image | head -n 1)
	[ -n "$image" ]
}
