# shellcheck shell=sh disable=SC2034,SC2154
# Finds and checks the folders that are written to: the clone, the state folder and the cache of
# downloads. Each is found once, as an absolute path, and passed to every program. Sourced by
# bootstrap.sh.

# Without an entry in the user database `id -un` fails (some versions also print the number).
my_name() {
	name=$(id -un 2>/dev/null) || name=$(id -u)
	printf %s "$name"
}

# numeric_owner FILE: its owner as "uid:gid".
# shellcheck disable=SC2012 # numbers, of one folder
numeric_owner() { LC_ALL=C ls -nd "$1" | awk 'NR == 1 { print $3 ":" $4 }'; }
# shellcheck disable=SC2012
owner_name() { LC_ALL=C ls -ld "$1" | awk 'NR == 1 { print $3 }'; }

# cannot_write PATH SYSTEM-MESSAGE: ends with one line that has the folder, the reason and the
# remedy.
cannot_write() {
	at=$1
	while [ ! -e "$at" ]; do at=$(dirname "$at"); done
	case $2 in
	*"o space left"* | *"uota exceeded"*)
		fail "$at cannot be written: the disk is full. What to do: free some space or inodes (\`df -h\`, \`df -i\`), then run it again."
		;;
	*"ead-only file system"*)
		fail "$at cannot be written: the file system is read-only. What to do: clone to a folder that you can write to, or mount this one writable."
		;;
	*"ermission denied"* | *"not permitted"*)
		fail "$at cannot be written: no permission; it belongs to $(owner_name "$at"), and you are $(my_name). What to do: \`sudo chown -R $(id -u):$(id -g) '$root'\` (or \`chmod u+w\` where it is yours), or clone again as yourself."
		;;
	*) fail "$at cannot be written: ${2##*: }. What to do: see that it is a folder that you can write to, or clone again elsewhere." ;;
	esac
}

# may_not_write FOLDER: like cannot_write, for a folder that looks unwritable. A trial mkdir gives
# the system's message.
may_not_write() {
	said=$(LC_ALL=C mkdir "$1/.fireworks-probe.$$" 2>&1) || cannot_write "$1" "$said"
	rmdir "$1/.fireworks-probe.$$"
}

# Checks every folder that installing and building write to. So an unwritable folder is reported in
# one line before the start, not in a log half-way through.
check_clone_writable() {
	for folder in "$root" "$root/tests" "$root"/apps/* "$root"/examples/* "$root"/packages/* "$root/pipelines" "$root"/pipelines/* "$root"/services/*; do
		for made in "$folder" "$folder/node_modules" "$folder/dist" "$folder/.next"; do
			[ ! -d "$made" ] || [ -w "$made" ] || may_not_write "$made"
		done
	done
}

# check_path WHAT FOLDER REMEDY: refuses a path that one of the tools cannot handle.
check_path() {
	newline='
'
	case $2 in
	*:*) bad="a colon ends a folder in PATH" ;;
	*\\*) bad="pnpm takes a backslash for the end of a folder's name" ;;
	*"$newline"*) bad="a line break ends a file's name for many tools" ;;
	*) return 0 ;;
	esac
	fail "$1 cannot be used: $bad. The folder is '$2'. What to do: $3."
}

# --- home and cache -------------------------------------------------------------------------------

# home_of_user: our home folder in the user database, or nothing if we are not in it.
home_of_user() {
	if command -v getent >/dev/null 2>&1; then
		getent passwd "$(id -u)" | cut -d : -f 6
	elif command -v dscl >/dev/null 2>&1; then
		dscl . -read "/Users/$(id -un)" NFSHomeDirectory 2>/dev/null | sed 's/^NFSHomeDirectory: //'
	else
		awk -F : -v uid="$(id -u)" '$3 == uid { print $6; exit }' /etc/passwd
	fi
}

# usable_home FOLDER: true for an absolute path that we can write to. Docker sets HOME=/ for an
# unknown uid.
usable_home() {
	case $1 in / | [!/]* | '') return 1 ;; esac
	[ -d "$1" ] && [ -w "$1" ]
}

# find_home: sets HOME if it is missing or unusable. npm, pnpm and Maven keep files there, and cron,
# systemd and `docker exec` start programs without it.
find_home() {
	! usable_home "${HOME:-}" || return 0
	HOME=$(home_of_user)
	usable_home "$HOME" || HOME=$root/.fireworks/home
	export HOME
}

# find_cache: chooses one cache for this script and for all programs, which get it in
# FIREWORKS_CACHE_DIR.
find_cache() {
	find_home
	cache=$HOME/.cache/fireworks
	# `sudo` may keep the user's HOME. root's downloads do not belong there.
	if [ -d "$HOME" ] && [ "$(numeric_owner "$HOME" | cut -d : -f 1)" != "$(id -u)" ]; then
		other=$(home_of_user)
		! usable_home "$other" || cache=$other/.cache/fireworks
	fi
	# The XDG rules say to ignore a relative path.
	case ${XDG_CACHE_HOME:-} in /*) cache=$XDG_CACHE_HOME/fireworks ;; esac
	case ${FIREWORKS_CACHE_DIR:-} in
	'') ;;
	/*) cache=$FIREWORKS_CACHE_DIR ;;
	*) cache=$PWD/$FIREWORKS_CACHE_DIR ;;
	esac
	check_path "The cache of downloads" "$cache" "set FIREWORKS_CACHE_DIR to another folder"
	export FIREWORKS_CACHE_DIR="$cache"
}

# open_cache: creates the cache and checks it. Programs in it are executed, so it must belong to us,
# and other users must not be able to write to it.
open_cache() {
	case $HOME in "$root"/*)
		make_state_folder
		mkdir -p "$HOME"
		;;
	esac
	if [ ! -d "$cache" ]; then
		said=$(umask 022 && LC_ALL=C mkdir -p "$cache" 2>&1) || refuse_cache "$cache" "it cannot be made (${said##*: })"
	fi
	at=$(CDPATH='' cd -- "$cache" 2>/dev/null && pwd -P) || refuse_cache "$cache" "it cannot be entered"
	[ -w "$at" ] || refuse_cache "$at" "it cannot be written"
	# The devcontainer has no other users, so owners do not matter there.
	[ -z "${FIREWORKS_DEVCONTAINER:-}" ] || return 0
	for folder in "$at" "$at/node-$NODE_VERSION" "$at"/pnpm-*; do
		[ ! -d "$folder" ] || distrust "$folder" ''
	done
	while [ "$at" != / ]; do
		at=$(dirname "$at")
		distrust "$at" sticky
	done
}

# distrust FOLDER [sticky]: refuses a folder where another user can put a program. With `sticky`,
# for a parent folder, a sticky bit like /tmp's is enough: it lets only the owner rename an entry.
distrust() {
	# shellcheck disable=SC2012 # mode and numbers, of one folder
	facts=$(LC_ALL=C ls -nd "$1" | awk 'NR == 1 { print $1, $3, $4 }')
	mode=${facts%% *}
	group=${facts##* }
	uid=${facts#* }
	uid=${uid%% *}
	[ "$uid" = "$(id -u)" ] || [ "$uid" = 0 ] || { [ "$2" = sticky ] && unmapped "$uid"; } || refuse_cache "$1" "it belongs to another user ($(owner_name "$1"))"
	case $2:$mode in
	sticky:?????????[tT]*) return 0 ;;
	*:????????w*) refuse_cache "$1" "every user can write to it" ;;
	*:?????w*) private_group "$group" || refuse_cache "$1" "its group can write to it" ;;
	esac
}

# unmapped UID: true for the number that the host's root and other users outside have in a user
# namespace (a rootless container).
unmapped() {
	[ "$1" = "$(cat /proc/sys/kernel/overflowuid 2>/dev/null)" ] && ! grep -q '4294967295$' /proc/self/uid_map 2>/dev/null
}

# private_group GID: true for root's group and for the group that contains only this user (the
# default of most distributions).
private_group() {
	[ "$1" = 0 ] || { [ "$1" = "$(id -g)" ] && [ "$(id -gn 2>/dev/null)" = "$(my_name)" ]; }
}

refuse_cache() {
	fail "The cache of downloads is not safe or not usable: $1: $2. Programs in it are executed. What to do: fix that folder's owner and mode (\`chmod go-w\`), or set FIREWORKS_CACHE_DIR to a folder of your own."
}

# --- state ----------------------------------------------------------------------------------------

# find_state_folder: makes FIREWORKS_STATE_DIR absolute. A relative path starts at the current
# folder, which differs from program to program.
find_state_folder() {
	case ${FIREWORKS_STATE_DIR:-} in
	'' | /*) ;;
	*) export FIREWORKS_STATE_DIR="$PWD/$FIREWORKS_STATE_DIR" ;;
	esac
}

# remember_local: records that `up` was called for the local system. `up` may fail before the CLI
# itself can record that. `doctor`, `status`, `logs` and `down` then still refer to the local
# system.
remember_local() {
	! remembered_local || return 0
	state=${FIREWORKS_STATE_DIR:-$root/.fireworks}
	[ -n "${FIREWORKS_STATE_DIR:-}" ] || make_state_folder
	said=$(
		exec 2>&1
		umask 077
		LC_ALL=C mkdir -p "$state" &&
			printf '{"version":1,"target":"local","context":null,"making":null,"settings":{}}\n' >"$state/target.json.$$.part" &&
			LC_ALL=C mv -f "$state/target.json.$$.part" "$state/target.json"
	) || cannot_write "$state" "$said"
}
