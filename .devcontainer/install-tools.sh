#!/bin/sh
# Downloads the tools in tools.env, verifies their checksums, and installs them. It runs once, as
# root, when the image is built. If NAME_URL and NAME_SHA256 are set in the environment (build
# arguments) and not empty, they override the file.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ARCH=$(dpkg --print-architecture)
case $ARCH in
amd64) UNAME_ARCH=x86_64 ;;
arm64) UNAME_ARCH=aarch64 ;;
*)
	echo "No tools are pinned for the architecture $ARCH: add their checksums to tools.env." >&2
	exit 1
	;;
esac
export ARCH UNAME_ARCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# value NAME: prints the build argument, or else the value in tools.env.
value() {
	eval "given=\${$1:-}"
	[ -n "$given" ] || given=$(
		# shellcheck source=/dev/null # tools.env, seen by a unit test
		. "$here/tools.env"
		eval "printf %s \"\${$1:-}\""
	)
	printf %s "$given"
}

# fetch TOOL: downloads and verifies its file, as $work/TOOL.
fetch() {
	url=$(value "$1_URL")
	sum=$(value "$1_SHA256")
	[ -n "$sum" ] || sum=$(value "$1_SHA256_$ARCH")
	echo "$1: $url"
	curl -fsSL --retry 3 --retry-connrefused --connect-timeout 20 --max-time 600 -o "$work/$1" "$url" || {
		echo "$1 cannot be fetched from $url. A mirror: set FIREWORKS_$1_URL (build argument $1_URL) to its address." >&2
		exit 1
	}
	printf '%s  %s\n' "$sum" "$work/$1" | sha256sum --check --status || {
		echo "$1 from $url has the checksum $(sha256sum "$work/$1" | cut -d' ' -f1), not $sum." >&2
		echo "If that file is the one you mean: set FIREWORKS_$1_SHA256 (build argument $1_SHA256)." >&2
		exit 1
	}
}

fetch DOCKER_CLI
tar -xzf "$work/DOCKER_CLI" -C "$work" docker/docker
install -m 755 "$work/docker/docker" /usr/local/bin/docker

fetch BUILDX
install -D -m 755 "$work/BUILDX" /usr/local/lib/docker/cli-plugins/docker-buildx

fetch KIND
install -m 755 "$work/KIND" /usr/local/bin/kind

fetch KUBECTL
install -m 755 "$work/KUBECTL" /usr/local/bin/kubectl

fetch HELM
tar -xzf "$work/HELM" -C "$work" "linux-$ARCH/helm"
install -m 755 "$work/linux-$ARCH/helm" /usr/local/bin/helm

npm install --global --no-audit --no-fund --loglevel=error "pnpm@$(value PNPM_VERSION)"

# Install shell completion, and check that each tool runs.
for tool in kubectl helm kind docker; do "$tool" completion bash >"/etc/bash_completion.d/$tool"; done
docker --version
docker buildx version
kind version
kubectl version --client
helm version --short
