# shellcheck shell=sh disable=SC2034,SC2154
# What the words of the command line ask for, as far as bootstrap.sh has to know. Sourced by bootstrap.sh.

# target_of WORDS...: local, kind or cluster, or nothing where the words leave it open.
target_of() {
	found=${FIREWORKS_TARGET:-}
	while [ $# -gt 0 ]; do
		case $1 in
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

# `up` writes where it brought the system up, `down` removes that.
remembered_local() { grep -q '"target": *"local"' "${FIREWORKS_STATE_DIR:-$root/.fireworks}/target.json" 2>/dev/null; }

asks_for_help() {
	for one in "$@"; do
		case $one in --help | -h | help) return 0 ;; esac
	done
	return 1
}

detached() {
	for one in "$@"; do
		case $one in --detach | -d) return 0 ;; esac
	done
	return 1
}
