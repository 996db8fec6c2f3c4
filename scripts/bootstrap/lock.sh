# shellcheck shell=sh disable=SC2034,SC2154
# The lock that lets only one bootstrap.sh at a time work in a clone. Sourced by bootstrap.sh.
#
# The lock is a folder. It names its holder (`pid`, `token`, `where`) and the programs that the
# holder has started (`children`). After `kill -9` of the holder those programs continue to run. The
# next run ends them before it writes to the same files.

locked=no

# A lock is stale when its process is gone, or when the pid now belongs to a later process. The pid
# of another container or of the host means nothing here. But a holder touches its lock every 10
# seconds, so such a lock is stale when it is 2 minutes old.
holder_lives() {
	[ -n "$1" ] || return 1
	if [ "$(cat "$lock/where" 2>/dev/null)" != "$(uname -n)" ]; then
		[ -z "$(find "$lock/pid" -mmin +2 2>/dev/null)" ]
		return
	fi
	kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ] || return 1
	[ ! -s "$lock/token" ] || [ "$(cat "$lock/token")" = "$(token_of "$1")" ] || return 1
	[ ! -r "/proc/$1/cmdline" ] || tr '\0' ' ' <"/proc/$1/cmdline" | grep -q bootstrap
}

make_state_folder() {
	[ ! -d "$root/.fireworks" ] || return 0
	said=$(LC_ALL=C mkdir -p "$root/.fireworks" 2>&1) || cannot_write "$root" "$said"
	# After `sudo sh bootstrap.sh` the clone's owner could not write to the folder.
	[ "$(id -u)" != 0 ] || chown "$(numeric_owner "$root")" "$root/.fireworks" 2>/dev/null || :
}

take_lock() {
	make_state_folder
	reported=no
	nameless=0
	until said=$(LC_ALL=C mkdir "$lock" 2>&1); do
		holder=$(cat "$lock/pid" 2>/dev/null || :)
		# Between its mkdir and its pid file a holder has no pid for a moment.
		[ -n "$holder" ] || nameless=$((nameless + 1))
		# Without a lock folder the mkdir failed for another reason. But the lock may just have been
		# released, so try twice.
		if [ ! -d "$lock" ] && [ "$nameless" -gt 1 ]; then cannot_write "$root/.fireworks" "$said"; fi
		if { [ -n "$holder" ] && ! holder_lives "$holder"; } || [ "$nameless" -gt 5 ]; then
			break_lock "$holder"
			nameless=0
			continue
		fi
		if [ "$reported" = no ] && [ -d "$lock" ]; then
			printf '… waiting for another bootstrap.sh in this clone (pid %s)\n' "${holder:-?}" >&3
			reported=yes
		fi
		sleep 1
	done
	locked=yes
	said=$({
		uname -n >"$lock/where"
		token_of $$ >"$lock/token"
		echo $$ >"$lock/pid"
	} 2>&1) && [ -s "$lock/pid" ] || cannot_write "$lock" "${said:-No space left on device}"
}

# break_lock PID: ends the programs that a dead holder left behind, and then removes its lock.
break_lock() {
	end_children_of "$lock"
	[ "$(cat "$lock/pid" 2>/dev/null || :)" = "$1" ] || return 0
	if ! said=$(LC_ALL=C mv "$lock" "$lock.stale.$$" 2>&1); then
		[ ! -d "$lock" ] || cannot_write "$root/.fireworks" "$said"
		return 0
	fi
	# Two runs may break the same lock. The second one must not remove the first one's new lock.
	if [ "$(cat "$lock.stale.$$/pid" 2>/dev/null || :)" != "$1" ] && [ ! -e "$lock" ]; then
		mv "$lock.stale.$$" "$lock"
		return 0
	fi
	rm -rf "$lock.stale.$$"
}

# note_child PID: records the process. If this run is killed, the next one ends it.
note_child() {
	[ "$locked" = no ] || echo "$1 $(token_of "$1")" >>"$lock/children"
}

end_children_of() {
	[ -f "$1/children" ] && [ "$(cat "$1/where" 2>/dev/null)" = "$(uname -n)" ] || return 0
	while read -r child token; do
		[ -n "$token" ] && [ "$token" = "$(token_of "$child")" ] || continue
		printf '… ending what an interrupted bootstrap.sh left running (pid %s)\n' "$child" >&3
		# The step's own ticker does this within a second. Two killers at once could end each other
		# and miss a program, so this one waits first.
		tree=$(tree_of "$child")
		tries=0
		# shellcheck disable=SC2086 # tokens
		while [ $tries -lt 30 ] && [ -n "$(living $tree)" ]; do
			tries=$((tries + 1))
			sleep 0.1 2>/dev/null || sleep 1
		done
		end_tree "$child"
	done <"$1/children"
}

unlock() {
	[ "$locked" = no ] || rm -rf "$lock"
	locked=no
}
