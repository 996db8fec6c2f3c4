#!/bin/sh
# Brings Fireworks up from a fresh clone: `sh bootstrap.sh [WORDS]`. No word, or an option first, means `up`; `test` runs all tests; every word goes to
# the `fireworks` command.
#
# - Where Docker answers, that command runs in the devcontainer of this clone, which is built and started first, and `up` makes a kind cluster: the host
#   needs Docker and sh, nothing else.
# - Without Docker, and with `--local`, it runs here, and `up` starts the parts as processes: needs a Node (18 or later) with npm, and Java 17.
#
# Each step is taken only where it is needed, and shows its time. Safe to run again, at the same time, from anywhere, and after it was interrupted.
# shellcheck disable=SC2034 # shared with scripts/bootstrap/*.sh
set -eu

NODE_VERSION=24.21.0

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cache=${FIREWORKS_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/fireworks}
work=$root/.fireworks/bootstrap
lock=$root/.fireworks/bootstrap.lock
started=$(date +%s)

for part in say lock words node packages engine host-checks devcontainer; do
	# shellcheck source=/dev/null
	. "$root/scripts/bootstrap/$part.sh"
done

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

case ${1:-} in
'' | -*) set -- up "$@" ;;
esac
word=$1
case " $* " in *" --json "*) steps_to_stderr ;; esac
target=$(target_of "$@")

# --- with Docker: in the devcontainer ------------------------------------------------------------------------------------

if [ -z "${FIREWORKS_DEVCONTAINER:-}" ] && [ "$word" != test ] && [ "$target" != local ]; then
	if find_engine; then
		code=0
		in_devcontainer "$@" || code=$?
		exit $code
	fi
	[ -z "$target" ] || fail "The target $target needs Docker, and no engine answers." \
		"  What to do: install and start Docker, or leave the target away: the system then comes up as processes on this machine." \
		${engine_trouble:+"  Docker says: $engine_trouble"}
	if [ "$word" = up ] && [ -n "${engine_trouble:-}" ]; then
		warn "There is a Docker client, but no engine answers: the system comes up as processes on this machine. For the cluster, start Docker first."
	fi
fi

# --- here ----------------------------------------------------------------------------------------------------------------

# In the devcontainer `up` means the cluster.
if [ -n "${FIREWORKS_DEVCONTAINER:-}" ] && [ "$word" = up ] && [ -z "$target" ]; then
	shift
	set -- up --target kind "$@"
	target=kind
fi
# The page's own build is only for the local system: the images build it themselves.
needs_page=yes
if [ -n "${FIREWORKS_DEVCONTAINER:-}" ] && [ "$target" != local ] && [ "$word" != test ]; then needs_page=no; fi

java_there() { command -v java >/dev/null 2>&1 || [ -x "${JAVA_HOME:-}/bin/java" ]; }

if [ "$word" = up ] && [ "$needs_page" = yes ] && ! asks_for_help "$@"; then
	# Said before minutes of downloads; `up` itself checks the version.
	java_there || fail "There is no Java, and Kafka needs one (17 or later)." \
		"  What to do: \`apt install openjdk-17-jre-headless\`, \`dnf install java-21-openjdk-headless\`, \`brew install openjdk\`, or set JAVA_HOME." \
		"  Or install and start Docker: then nothing else is needed."
fi

provide_node
if ! prepared; then
	take_lock
	if { [ "$word" = up ] && [ "$needs_page" = yes ]; } || [ "$word" = test ]; then fetch_jars_meanwhile; fi
	prepare
	await_jars
	rm -rf "$work"
	unlock
	done_line "Prepared, in all" "$started"
fi

if [ "$word" = test ]; then
	shift
	provide_pnpm
	exec sh "$root/scripts/test.sh" "$@" 3>&-
fi
# Settings of the devcontainer's build: no program knows them.
for tool in $TOOLS; do unset "FIREWORKS_${tool}_URL" "FIREWORKS_${tool}_SHA256"; done
unset FIREWORKS_DEVCONTAINER_IMAGE FIREWORKS_OWNER
exec node "$root/apps/cli/dist/main.js" "$@" 3>&-
