# shellcheck shell=sh disable=SC2034,SC2154
# Runs commands in the devcontainer of this clone. Sourced by bootstrap.sh.

# inside COMMAND...: runs the command in the devcontainer as the clone's owner. Its output and its
# exit code become those of this script.
inside() {
	case $owner in 0:*) user=root ;; *) user=node ;; esac
	# Relative paths in the command start at the current folder.
	case $PWD in "$root" | "$root"/*) here=$PWD ;; *) here=$root ;; esac
	set -- --workdir "$here" "$container" "$@"
	if [ -t 0 ] && [ -t 1 ]; then set -- --interactive --tty --env TERM "$@"; fi
	for argument in $(setting_arguments); do set -- --env "$argument" "$@"; done
	docker exec --user $user "$@" 3>&-
}

# run_inside COMMAND...: runs bootstrap.sh in the devcontainer. Without a terminal, a signal to
# `docker exec` does not reach the command in the container. So the signal is sent to the command's
# pid in the container.
run_inside() {
	pid_file=/tmp/bootstrap-$$.pid
	code=0
	if [ -t 0 ] && [ -t 1 ]; then
		inside sh "$root/bootstrap.sh" "$@" || code=$?
		return $code
	fi
	trap 'hand_on INT' INT
	trap 'hand_on TERM' TERM
	trap 'hand_on HUP' HUP
	# shellcheck disable=SC2016 # for the shell in there
	inside sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$pid_file" sh "$root/bootstrap.sh" "$@" </dev/null &
	exec_pid=$!
	while :; do
		code=0
		wait $exec_pid || code=$?
		# A signal ends `wait` although the command still runs: wait again.
		kill -0 $exec_pid 2>/dev/null || break
	done
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	return $code
}

hand_on() {
	docker exec "$container" sh -c "kill -$1 \$(cat $pid_file)" 2>/dev/null || :
}

open_shell() {
	printf '\n%s\n%s\n\n' "A shell in the devcontainer: kubectl, helm, kind and the names of the cluster are here. The system goes on when you" \
		"leave; \`sh bootstrap.sh down\` stops it."
	inside bash || :
}

# find_state_dir: finds the state folder. It has the same path on the host and in the container.
find_state_dir() {
	case ${FIREWORKS_STATE_DIR:-} in
	'') state_dir=$root/.fireworks ;;
	/*) state_dir=$FIREWORKS_STATE_DIR ;;
	*) state_dir=$PWD/$FIREWORKS_STATE_DIR ;;
	esac
	[ -z "${FIREWORKS_STATE_DIR:-}" ] || export FIREWORKS_STATE_DIR="$state_dir"
}

# under_lock COMMAND...: runs the command under the lock: only one bootstrap.sh at a time may change
# the image and the container.
under_lock() {
	take_lock
	"$@"
	rm -rf "$work"
	unlock
}

provide_devcontainer() {
	provide_image
	provide_container
}

in_devcontainer() {
	began_all=$(date +%s)
	subcommand=$1
	lock=$root/.fireworks/devcontainer.lock
	work=$root/.fireworks/devcontainer
	case $root in
	*'
'*) fail "The path of this clone has a line break in it, which Docker's tools cannot take." "  What to do: move the clone." ;;
	esac
	find_state_dir
	name_files_absolutely
	settle_proxies
	keep_cluster_direct
	if only_looks "$@"; then
		look_in_devcontainer "$@"
		return
	fi
	check_named_files "$@"
	if [ "$subcommand" = up ]; then
		# Only for kind: a cluster in a cloud does not use the ports and the memory of this machine.
		case ${target:-kind} in
		kind)
			check_cluster_owner
			check_host
			;;
		esac
	fi
	if [ "$subcommand" = shell ] && ! [ -t 0 ] && ! has_option -- "$@"; then
		fail "There is no terminal for a shell in the devcontainer." \
			"  What to do: name a command (\`sh bootstrap.sh shell -- COMMAND\`), or use this machine's own shell (\`sh bootstrap.sh shell --local\`)."
	fi
	under_lock provide_devcontainer
	code=0
	run_inside "$@" || code=$?
	if [ $code -eq 0 ] && [ "$subcommand" = up ]; then
		done_line "Up, in all" "$began_all"
		if [ -t 0 ] && [ -t 1 ] && ! detached "$@"; then open_shell; fi
	fi
	return $code
}

# look_in_devcontainer COMMAND...: runs a read-only command in the existing devcontainer, even an
# old one. Without a devcontainer it answers with what Docker knows.
look_in_devcontainer() {
	case $(container_state) in
	running) ready || under_lock step "Starting the devcontainer" enter_first ;;
	none)
		if asks_for_help "$@"; then
			usage
			return 0
		fi
		if ! kind_cluster_there && ! asks_elsewhere "$@"; then
			nothing_runs kind "$@" || return
			[ "$subcommand" != down ] || remove_devcontainer "$@"
			return 0
		fi
		if [ "$subcommand" = down ] && ! asks_elsewhere "$@"; then
			down_without_devcontainer "$@"
			return
		fi
		if ! present_image; then
			no_image "$@"
			return
		fi
		under_lock provide_container
		;;
	*) under_lock step "Starting the devcontainer" start_container ;;
	esac
	if [ "$subcommand" = down ] && ! asks_elsewhere "$@" && kind_cluster_there && [ "$(cluster_is)" = foreign ]; then
		down_without_devcontainer "$@"
		return
	fi
	code=0
	run_inside "$@" || code=$?
	if [ $code -eq 0 ] && [ "$subcommand" = down ] && ! asks_for_help "$@"; then
		remove_devcontainer "$@"
		done_line "Down, in all" "$began_all"
	fi
	return $code
}

# asks_elsewhere COMMAND...: true if the command is about a cluster in a cloud or about brokers that
# a setting names. Then only the CLI in the devcontainer can answer.
asks_elsewhere() {
	[ "$1:${FIREWORKS_BROKERS+set}" != audit:set ] || return 0
	case ${target:-} in
	kind) return 1 ;;
	cluster) return 0 ;;
	esac
	has_option --context "$@" || grep -q '"target": *"cluster"' "$state_dir/target.json" 2>/dev/null
}

remove_devcontainer() {
	if has_option --purge "$@"; then remove_container purge; else remove_container keep; fi
}

down_without_devcontainer() {
	case $(cluster_is) in
	ours) under_lock step "Removing the kind cluster $kind_cluster" remove_nodes ;;
	foreign) echo "The kind cluster $kind_cluster belongs to another clone, $(cluster_owner): it stays." ;;
	*) echo "The kind cluster $kind_cluster was not made by Fireworks from this clone: it stays." ;;
	esac
	remove_devcontainer "$@"
}

# no_image COMMAND...: reports that the cluster exists, but that there is no image to inspect it
# with.
no_image() {
	printf '%s\n' "The devcontainer of this clone is gone, and its image too: without them the cluster cannot be looked at." \
		"  What to do: \`sh bootstrap.sh up\` builds them again; \`sh bootstrap.sh down\` removes a kind cluster of this clone without them." >&2
	[ "$1" = audit ] || return 1
	! has_option --json "$@" || printf '{"result":"unknown","reason":"%s"}\n' "there is no devcontainer and no image of it"
	return 2
}
