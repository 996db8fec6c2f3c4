# shellcheck shell=sh disable=SC2034,SC2154
# Saying what happens: steps with their time, failures with what to do. Sourced by bootstrap.sh.

ticker=

# Steps are for people: with --json, standard output belongs to the program that reads it.
# (Closed for what outlives us: who waits for the end of our output must not wait for that.)
exec 3>&1
steps_to_stderr() { exec 3>&2; }

fail() {
	printf '%s\n' "$@" >&2
	exit 1
}

warn() { printf '! %s\n' "$@" >&2; }

# step LABEL COMMAND...: runs it with its output in a file, which is shown where it fails; says every 10 s that it goes on. A function in
# $on_failure gets that file first: it may know what the failure means.
step() {
	label=$1
	shift
	mkdir -p "$work"
	log=$work/$(printf '%s' "$label" | tr -c 'A-Za-z0-9' '-').$$.log
	began=$(date +%s)
	printf '… %s\n' "$label" >&3
	(while sleep 10 >/dev/null 2>&1; do printf '… %-33s %5s s\n' "$label" $(($(date +%s) - began)) >&3; done) &
	ticker=$!
	code=0
	"$@" >"$log" 2>&1 </dev/null 3>&- || code=$?
	quiet_ticker
	if [ "$code" -ne 0 ]; then
		printf '✗ %-33s %5s s\n' "$label" $(($(date +%s) - began)) >&3
		tail -n 30 "$log" >&2
		[ -z "${on_failure:-}" ] || "$on_failure" "$log"
		fail "$label failed (exit code $code). All of its output: $log"
	fi
	done_line "$label" "$began"
	rm -f "$log"
}

done_line() { printf '✓ %-33s %5s s\n' "$1" $(($(date +%s) - $2)) >&3; }

quiet_ticker() {
	[ -z "$ticker" ] || kill "$ticker" 2>/dev/null || :
	[ -z "$ticker" ] || wait "$ticker" 2>/dev/null || :
	ticker=
}
