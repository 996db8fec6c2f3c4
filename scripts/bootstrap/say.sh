# shellcheck shell=sh disable=SC2034,SC2154
# Prints what happens: steps with their time, and failures with what to do. Sourced by bootstrap.sh.

ticker=
# The pid of the current step.
running=

# Steps are printed to descriptor 3. With --json that is standard error, because a program reads
# standard output. Processes that outlive this script get it closed: otherwise a program that waits
# for the end of our output would wait for them too.
exec 3>&1
steps_to_stderr() { exec 3>&2; }

fail() {
	printf '%s\n' "$@" >&2
	exit 1
}

warn() { printf '! %s\n' "$@" >&2; }

# step LABEL COMMAND...: runs the command in its own process and writes its output to a file. If the
# command fails, the end of the file is shown, and the function named in $on_failure gets the file:
# it may know the cause. Variables that the command sets are lost.
step() {
	label=$1
	shift
	make_work_folder
	log=$work/$(printf '%s' "$label" | LC_ALL=C tr -c 'A-Za-z0-9' '-').$$.log
	began=$(date +%s)
	printf '… %s\n' "$label" >&3
	code=0
	(run_step "$@") &
	running=$!
	wait "$running" || code=$?
	running=
	if [ "$code" -ne 0 ]; then
		printf '✗ %-33s %5s s\n' "$label" $(($(date +%s) - began)) >&3
		tail -n 30 "$log" >&2
		[ -z "${on_failure:-}" ] || "$on_failure" "$log"
		fail "$label failed (exit code $code). All of its output: $log"
	fi
	done_line "$label" "$began"
	rm -f "$log"
}

make_work_folder() {
	said=$(LC_ALL=C mkdir -p "$work" 2>&1) || cannot_write "$(dirname "$work")" "$said"
}

# run_step COMMAND...: the step's own process. Before the command starts, the process is recorded in
# the lock and watched by the ticker. If this bootstrap.sh is killed, the ticker or the next run
# ends the command.
run_step() {
	me=$(own_pid)
	note_child "$me"
	start_ticker
	code=0
	"$@" >"$log" 2>&1 </dev/null 3>&- || code=$?
	quiet_ticker
	exit "$code"
}

# start_ticker: prints every 10 s that the step is still running. If this bootstrap.sh was killed,
# it ends the step, because the next run will write to the same files.
start_ticker() {
	(
		passed=0
		# The ticker is killed while it sleeps. Its `sleep` lives on and must not keep the output
		# open.
		while sleep 1 >/dev/null 2>&1 3>&-; do
			if ! kill -0 $$ 2>/dev/null; then
				[ -z "$jars" ] || end_tree "$jars"
				end_tree "$me" "$(own_pid)"
				exit
			fi
			passed=$((passed + 1))
			[ $((passed % 10)) -ne 0 ] || still_running
		done
	) &
	ticker=$!
}

still_running() {
	printf '… %-33s %5s s\n' "$label" $(($(date +%s) - began)) >&3
	[ "$locked" = no ] || touch "$lock/pid"
}

done_line() { printf '✓ %-33s %5s s\n' "$1" $(($(date +%s) - $2)) >&3; }

# quiet_ticker: ends the ticker. It uses kill -9, because a new process that has not reset our traps
# yet would lose any other signal.
quiet_ticker() {
	[ -z "$ticker" ] || kill -9 "$ticker" 2>/dev/null || :
	[ -z "$ticker" ] || wait "$ticker" 2>/dev/null || :
	ticker=
}
