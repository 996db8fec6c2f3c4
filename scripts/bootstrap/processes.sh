# shellcheck shell=sh disable=SC2034,SC2154
# Process trees. They are used to end a step together with everything that it started. Sourced by
# bootstrap.sh.

# own_pid: the pid of this subshell; `$$` is the pid of the whole script.
own_pid() { exec sh -c 'echo $PPID'; }

# process_table: prints one "PID PARENT TOKEN" per line, without zombies. The token distinguishes a
# process from a later one with the same pid. It reads /proc where it can, because small containers
# have no `ps`.
process_table() {
	if [ -r /proc/self/stat ]; then
		# The name is in parentheses and may contain blanks.
		cat /proc/[0-9]*/stat 2>/dev/null | LC_ALL=C awk '{ sub(/ \(.*\) /, " ") } $2 !~ /[ZX]/ { print $1, $3, $1 "/" $21 }'
	else
		LC_ALL=C ps -A -o stat= -o pid= -o ppid= -o lstart= | awk '$1 !~ /^Z/ { print $2, $3, $2 "/" $4 $5 $6 $7 $8 }'
	fi
}

# tree_of PID: prints the tokens of the process and of all its descendants that are alive.
tree_of() {
	process_table | awk -v root="$1" '
		{ parent[$1] = $2; token[$1] = $3 }
		END {
			for (pid in token) {
				above = pid
				while (above != root && above in parent && above != parent[above]) above = parent[above]
				if (above == root) print token[pid]
			}
		}'
}

# token_of PID: prints the token, or nothing if there is no such process.
token_of() { process_table | awk -v pid="$1" '$1 == pid { print $3 }'; }

# living TOKEN...: prints the pids of the processes that are alive.
living() {
	process_table | awk -v tokens="$*" '
		BEGIN { split(tokens, list, " "); for (i in list) asked[list[i]] = 1 }
		$3 in asked { print $1 }'
}

# end_tree PID [BUT]: asks the process and its descendants to end, and kills those that are still
# alive after 25 checks, 0.1 s apart. Spares the process BUT.
end_tree() {
	tree=$(tree_of "$1" | grep -v "^${2:-none}/" || :)
	tries=0
	signal=TERM
	# shellcheck disable=SC2086 # tokens, pids
	while left=$(living $tree) && [ -n "$left" ] && [ $tries -lt 50 ]; do
		case $tries in 0 | 25) kill -s $signal $left 2>/dev/null || : ;; esac
		tries=$((tries + 1))
		[ $tries -lt 25 ] || signal=KILL
		sleep 0.1 2>/dev/null || sleep 1
	done
}
