# shellcheck shell=sh disable=SC2034,SC2154
# One bootstrap at a time in a clone. Sourced by bootstrap.sh.

locked=no

# A lock is stale when its process is gone, or is no bootstrap any more (the pid was given to another one). The pid of another container or of
# the host says nothing here: such a lock is old when it is ten minutes old.
holder_lives() {
	[ -n "$1" ] || return 1
	if [ "$(cat "$lock/where" 2>/dev/null)" != "$(uname -n)" ]; then
		[ -z "$(find "$lock/pid" -mmin +10 2>/dev/null)" ]
		return
	fi
	kill -0 "$1" 2>/dev/null || return 1
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
		[ "$told" = yes ] || printf '… waiting for another bootstrap.sh (pid %s)\n' "${holder:-?}" >&3
		told=yes
		sleep 1
	done
	locked=yes
	uname -n >"$lock/where"
	echo $$ >"$lock/pid"
}

unlock() {
	[ "$locked" = no ] || rm -rf "$lock"
	locked=no
}
