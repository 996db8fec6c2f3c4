# shellcheck shell=sh disable=SC2034,SC2154
# Reads the command line, as far as bootstrap.sh needs it. Sourced by bootstrap.sh.

# target_of COMMAND...: prints local, kind or cluster, or nothing if no target is given.
target_of() {
	found=${FIREWORKS_TARGET:-}
	while [ $# -gt 0 ]; do
		case $1 in
		# What follows is the command of `shell`.
		--) break ;;
		--local) found=local ;;
		--target=*) found=${1#--target=} ;;
		--target)
			found=${2:-}
			[ $# -lt 2 ] || shift
			;;
		esac
		shift
	done
	[ -n "$found" ] || ! remembered_local || found=local
	printf %s "$found"
}

# remembered_local: true if the last `up` was local. `up` writes the target to this file, and `down`
# deletes it.
remembered_local() { grep -q '"target": *"local"' "${FIREWORKS_STATE_DIR:-$root/.fireworks}/target.json" 2>/dev/null; }

# is_own COMMAND: true for a command that the CLI does not have.
is_own() {
	case $1 in test | prepare | shell) return 0 ;; esac
	return 1
}

asks_for_help() {
	for one in "$@"; do
		case $one in
		--) return 1 ;;
		--help | -h | help) return 0 ;;
		esac
	done
	return 1
}

detached() {
	for one in "$@"; do
		case $one in --detach | -d) return 0 ;; esac
	done
	return 1
}
