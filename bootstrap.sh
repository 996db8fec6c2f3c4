#!/bin/sh
# Brings Fireworks up from a fresh clone: `sh bootstrap.sh [COMMAND] [OPTIONS]`. It runs the
# `fireworks` CLI; without a command it runs `up`. Three commands are its own: `test` runs all
# tests, `prepare` installs and builds and starts nothing, and `shell` opens a shell with the right
# tools.
#
# - If Docker answers, the command runs in the devcontainer of this clone, which is built and
#   started first. `up` then creates a kind cluster. The host needs only Docker and sh.
# - Without Docker, or with `--local`, the command runs on this machine, and `up` starts the parts
#   as processes. This needs Node (18 or later) with npm, and Java 17.
#
# Commands that only read or stop something use the last build; they build and pull nothing. A step
# runs only if it is needed, and prints how long it took. You can run this script again at any time:
# in parallel, from any folder, and after an interruption.
# shellcheck disable=SC2034 # shared with scripts/bootstrap/*.sh
set -eu

NODE_VERSION=24.21.0

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
work=$root/.fireworks/bootstrap
lock=$root/.fireworks/bootstrap.lock
started=$(date +%s)

for part in say processes folders lock commands environment node java packages looks shell engine host-variables host-files cluster-owner host-checks image container devcontainer; do
	# shellcheck source=/dev/null
	. "$root/scripts/bootstrap/$part.sh"
done

clean_up() {
	quiet_ticker
	[ -z "$running" ] || end_tree "$running"
	end_jars
	unlock
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

find_state_folder

case ${1:-} in
'' | -*) set -- up "$@" ;;
esac
subcommand=$1
if is_own "$1" && asks_for_help "$@"; then
	usage
	exit 0
fi
case " $* " in " shell "* | *" --json "*) steps_to_stderr ;; esac
target=$(target_of "$@")

# --- with Docker: in the devcontainer -------------------------------------------------------------

if [ -z "${FIREWORKS_DEVCONTAINER:-}" ] && [ "$subcommand" != test ] && [ "$target" != local ]; then
	if find_engine; then
		code=0
		in_devcontainer "$@" || code=$?
		exit $code
	fi
	[ -z "$target" ] || fail "The target $target needs Docker, and no engine answers." \
		"  What to do: install and start Docker, or leave out the target: the system then runs as processes on this machine." \
		${engine_failure:+"  Docker says: $engine_failure"}
	if [ "$subcommand" = up ] && [ -n "${engine_failure:-}" ]; then
		warn "There is a Docker client, but no engine answers: the system runs as processes on this machine. For the cluster, start Docker first."
	fi
fi

# --- here -----------------------------------------------------------------------------------------

# The devcontainer accepts any path of the clone, so the path is checked only outside of it.
[ -n "${FIREWORKS_DEVCONTAINER:-}" ] || check_path "This clone" "$root" "clone to a folder without one, or use Docker"
# In the devcontainer `up` uses the kind cluster unless a target is given.
if [ -n "${FIREWORKS_DEVCONTAINER:-}" ] && [ "$subcommand" = up ] && [ -z "$target" ]; then
	shift
	set -- up --target kind "$@"
	target=kind
fi
# Only the local system needs the page built here. For Kubernetes the build of its image does it.
needs_page=yes
if [ -n "${FIREWORKS_DEVCONTAINER:-}" ] && [ "$target" != local ] && [ "$subcommand" != test ]; then needs_page=no; fi

# Runs the CLI without the settings of the devcontainer's build. The CLI does not know them and
# would report them as misspelt.
run_command() {
	for tool in $TOOLS; do unset "FIREWORKS_${tool}_URL" "FIREWORKS_${tool}_SHA256"; done
	unset FIREWORKS_DEVCONTAINER_IMAGE FIREWORKS_OWNER
	exec node "$root/apps/cli/dist/main.js" "$@" 3>&-
}

clean_environment
find_cache
if only_looks "$@"; then look_here "$@"; fi

if [ "$subcommand" = up ] && [ "$target" = kind ]; then check_cluster_owner; fi
if [ "$subcommand" = up ] && [ "$needs_page" = yes ]; then
	remember_local
	need_java
fi

provide_node
if [ "$subcommand" = shell ]; then
	provide_pnpm
	# The sources may not compile: this shell is where that is fixed. So nothing is built.
	if ! stamped "$install_stamp" "$(install_sum)"; then
		take_lock
		provide_packages
		rm -rf "$work"
		unlock
	fi
	open_shell_here "$@"
fi
if ! prepared; then
	take_lock
	if { [ "$subcommand" = up ] && [ "$needs_page" = yes ]; } || [ "$subcommand" = test ]; then fetch_jars_meanwhile; fi
	prepare
	await_jars
	rm -rf "$work"
	unlock
	done_line "Prepared, in all" "$started"
fi

case $subcommand in
prepare) exit 0 ;;
test)
	shift
	provide_pnpm
	exec sh "$root/scripts/test.sh" "$@" 3>&-
	;;
esac
run_command "$@"
