# shellcheck shell=sh disable=SC2034,SC2154
# Commands that only read or stop something. They build, install and pull nothing, so they answer at
# once and work even while the sources do not compile. Sourced by bootstrap.sh.

# only_looks COMMAND...: true for such a command.
only_looks() {
	case $1 in status | logs | doctor | down | audit | help) return 0 ;; esac
	asks_for_help "$@"
}

has_option() { # has_option OPTION ARGUMENTS...
	case " $* " in *" $1 "*" $1 "*) return 0 ;; esac
	return 1
}

# look_here COMMAND...: runs the command with the existing build, even an old one.
look_here() {
	if [ ! -f "$root/apps/cli/dist/main.js" ] || ! present_node; then
		where=local
		[ -z "${FIREWORKS_DEVCONTAINER:-}" ] || where=kind
		nothing_runs "${target:-$where}" "$@"
		exit $?
	fi
	stamped "$build_stamp" "$(build_sum)" ||
		echo "This uses the last build: the sources have changed since, or did not compile. \`sh bootstrap.sh prepare\` builds them." >&2
	run_command "$@"
}

# present_node: finds the Node of this machine, or the one that was downloaded before.
present_node() {
	case $(node --version 2>/dev/null </dev/null) in v24.*) return 0 ;; esac
	[ -d "$cache/node-$NODE_VERSION" ] || return 1
	open_cache
	runs_node "$cache/node-$NODE_VERSION/bin/node" || return 1
	PATH=$cache/node-$NODE_VERSION/bin:$PATH
	export PATH
}

# nothing_runs TARGET COMMAND...: answers for the CLI when nothing is running, with the CLI's exit
# codes (apps/cli/src/exit-codes.ts).
nothing_runs() {
	place=$1
	shift
	if asks_for_help "$@"; then
		usage
		return 0
	fi
	case $place in
	kind) nothing="there is no kind cluster $kind_cluster, and no devcontainer of this clone" ;;
	*) nothing="this clone has brought nothing up" ;;
	esac
	case $1 in
	status)
		if has_option --json "$@"; then empty_status "$place"; else echo "Fireworks is not running: $nothing. Start it: \`sh bootstrap.sh\`"; fi
		;;
	logs)
		echo "There are no logs: $nothing. Start it: \`sh bootstrap.sh\`" >&2
		[ "$place" = local ]
		;;
	audit)
		if has_option --json "$@"; then printf '{"result":"unknown","reason":"%s"}\n' "$nothing"; else echo "Could not tell: $nothing."; fi
		return 2
		;;
	doctor)
		echo "Nothing runs: $nothing."
		[ "$place" != kind ] || [ -n "${FIREWORKS_DEVCONTAINER:-}" ] || check_host
		[ "$place" = kind ] || command -v java >/dev/null 2>&1 || [ -x "${JAVA_HOME:-}/bin/java" ] || warn "There is no Java, and Kafka needs one (17 or later)."
		echo "\`sh bootstrap.sh prepare\` builds the rest of the doctor; it then looks at more."
		;;
	*) echo "Nothing runs: $nothing." ;;
	esac
}

# empty_status TARGET: prints the output of `status --json` (apps/cli/src/local/status.ts and
# apps/cli/src/cluster/status.ts) when nothing is running.
empty_status() {
	parts=
	for part in kafka metronome processor middleware dashboard; do
		ports=
		if [ "$1" = local ]; then
			name=FIREWORKS_$(upper "$part")_PORT
			eval "port=\${$name:-}"
			[ -n "$port" ] || port=$(sed -n "s/^$name value //p" "$settings_list")
			kind=http
			[ "$part" != kafka ] || kind=kafka
			ports="\"$kind\":$port"
		fi
		parts="$parts${parts:+,}{\"name\":\"$part\",\"pid\":null,\"pod\":null,\"state\":\"stopped\",\"restarts\":0,\"ports\":{$ports}}"
	done
	printf '{"target":"%s","parts":[%s]}\n' "$1" "$parts"
}

# usage: the help text when the CLI is not built yet.
usage() {
	cat <<-'END'
		Usage: sh bootstrap.sh [COMMAND] [OPTIONS]

		  up             start the system (the default); --detach, --local, --target, --engine
		  status         show the parts; --json
		  logs [PART]    print the last lines of the logs; -f keeps printing new lines
		  restart PART   restart one part in an orderly way; its data and state stay
		  doctor         check what the system needs, and say how to fix each problem
		  audit          recompute every path from the topics; --json
		  reset STAGE    clear the state of one key; --key
		  verify-stream  read a websocket and recompute its events
		  down           stop every part; --purge also removes data, images and caches
		  test           run all tests
		  prepare        install and build, and start nothing
		  shell          open a shell with Node, pnpm and `fireworks` in PATH; -- COMMAND runs one command

		Settings are environment variables FIREWORKS_*: docs/operate/settings.md. After `sh bootstrap.sh prepare`,
		`sh bootstrap.sh COMMAND --help` lists the options of a command.
	END
}
