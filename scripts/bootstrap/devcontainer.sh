# shellcheck shell=sh disable=SC2034,SC2154
# The devcontainer of this clone: its image, its container, and the words run in it. Sourced by bootstrap.sh.

TOOLS="DOCKER_CLI BUILDX KIND KUBECTL HELM"

short_sum() { cksum | awk '{ printf "%08x", $1 }'; }
container=fireworks-devcontainer-$(printf %s "$root" | short_sum)

# --- image -----------------------------------------------------------------------------------------------------------------

# build_arguments: "NAME=value" a line, for the settings that are set.
build_arguments() {
	[ -z "${FIREWORKS_DEVCONTAINER_IMAGE:-}" ] || echo "BASE_IMAGE=$FIREWORKS_DEVCONTAINER_IMAGE"
	for tool in $TOOLS; do
		for what in URL SHA256; do
			eval "given=\${FIREWORKS_${tool}_$what:-}"
			[ -z "$given" ] || echo "${tool}_$what=$given"
		done
	done
}

image_sum() {
	(
		cd "$root/.devcontainer" || exit
		cat Dockerfile tools.env install-tools.sh entry.sh
		build_arguments
		uname -m
	) | short_sum
}

build_image() {
	set -- --tag "$image" --label fireworks.devcontainer=image
	while read -r argument; do set -- "$@" --build-arg "$argument"; done <<-END
		$(build_arguments)
	END
	folder=$root/.devcontainer
	# A client without its buildx plugin can only build the old way.
	buildkit=0
	! docker buildx version >/dev/null 2>&1 || buildkit=1
	DOCKER_BUILDKIT=$buildkit docker build "$@" "$folder"
}

explain_image() {
	base=${FIREWORKS_DEVCONTAINER_IMAGE:-$(sed -n 's/^FROM .*:-\(.*\)}$/\1/p' "$root/.devcontainer/Dockerfile")}
	if grep -qiE 'failed to (resolve|solve)[^|]*(metadata|manifest|reference)|pull access denied|manifest unknown|toomanyrequests|registry-1|error getting credentials' "$1"; then
		fail "The image $base cannot be pulled." \
			"  What to do: see that \`docker pull $base\` works (network, proxy, login), or name a Debian-based image with Node 24 that you have:" \
			"  \`FIREWORKS_DEVCONTAINER_IMAGE=registry.example.com/node:24-bookworm sh bootstrap.sh\`"
	elif grep -qi 'no space left' "$1"; then
		fail "The disk is full." "  What to do: \`docker system df\` shows what takes the room, \`docker builder prune\` frees some."
	fi
}

provide_image() {
	image=fireworks-devcontainer:$(image_sum)
	docker image inspect "$image" >/dev/null 2>&1 && return
	on_failure=explain_image
	step "Building the devcontainer" build_image
	on_failure=
}

# --- container -------------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2012 # numbers, of one folder
owner=$(ls -nd "$root" | awk '{ print $3 ":" $4 }')

# run_arguments: one a line. The clone is mounted at its own path: paths that programs print are true on both sides.
run_arguments() {
	printf '%s\n' --init --hostname fireworks-devcontainer --cap-add NET_ADMIN --restart unless-stopped \
		--label "fireworks.workspace=$root" --label "fireworks.image=$image" \
		--volume "$socket:/var/run/docker.sock" --volume "$root:$root" --volume "$container:/cache" --workdir "$root" \
		--env "FIREWORKS_OWNER=$owner" --env "FIREWORKS_KIND_CLUSTER=$kind_cluster" \
		--env "KUBECONFIG=/home/node/.kube/config:$state_dir/kubeconfig.internal:/home/node/.kube/host"
	# The host's contexts, for clusters in a cloud: to read.
	[ ! -d "${HOME:-}/.kube" ] || printf '%s\n' --volume "$HOME/.kube:/host-kube:ro"
	case $state_dir in "$root"/*) ;; *) printf '%s\n' --volume "$state_dir:$state_dir" ;; esac
}

# (`docker inspect` prints an empty line for what is not there.)
container_state() {
	at=$(docker container inspect --format '{{.State.Status}}' "$container" 2>/dev/null) || at=none
	echo "$at"
}

provide_container() {
	sum=$(run_arguments | short_sum)
	state=$(container_state)
	if [ "$state" != none ] && [ "$(docker container inspect --format '{{index .Config.Labels "fireworks.sum"}}' "$container")" != "$sum" ]; then
		step "Removing the old devcontainer" docker rm --force "$container"
		state=none
	fi
	case $state in
	running) return ;;
	none) step "Starting the devcontainer" create_container ;;
	*) step "Starting the devcontainer" start_container ;;
	esac
}

create_container() {
	set --
	while read -r argument; do set -- "$@" "$argument"; done <<-END
		$(run_arguments)
	END
	docker run --detach --name "$container" --label "fireworks.sum=$sum" "$@" "$image" && entered
}

start_container() { docker start "$container" && entered; }

# The user and the groups are there, and the cluster's names where there is a cluster already: a restart takes routes with it.
entered() {
	tries=0
	until docker exec "$container" test -e /run/fireworks-entered; do
		[ "$(container_state)" = running ] || {
			docker logs --tail 20 "$container"
			return 1
		}
		tries=$((tries + 1))
		[ $tries -lt 50 ] || return 1
		sleep 0.2
	done
	docker exec "$container" sh "$root/.devcontainer/network.sh" up --if-there "$kind_cluster" || :
}

# --- words -----------------------------------------------------------------------------------------------------------------

# passed_on: names of the variables that go in, by name, so that no value shows in a process list.
passed_on() {
	env | sed -n 's/^\(FIREWORKS_[A-Z0-9_]*\)=.*/\1/p' | {
		grep -vE '^FIREWORKS_(CACHE_DIR|DEVCONTAINER|DEVCONTAINER_IMAGE|OWNER|(DOCKER_CLI|BUILDX|KIND|KUBECTL|HELM)_(URL|SHA256))$' || :
	}
	env | grep -ioE '^(https?_proxy|no_proxy|npm_config_registry|ci)=' | tr -d = || :
}

# inside [-t] COMMAND...: as the clone's owner; what it prints and its exit code are this script's.
inside() {
	case $owner in 0:*) user=root ;; *) user=node ;; esac
	# Paths in the words are seen from here.
	case $PWD in "$root" | "$root"/*) here=$PWD ;; *) here=$root ;; esac
	set -- --workdir "$here" "$container" "$@"
	if [ -t 0 ] && [ -t 1 ]; then set -- --interactive --tty --env TERM "$@"; fi
	for name in $(passed_on); do set -- --env "$name" "$@"; done
	docker exec --user $user "$@" 3>&-
}

# Without a terminal a signal to `docker exec` does not reach the command in the container: it is handed on by its pid there.
run_words() {
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
		# A signal ends `wait`, not what it waits for.
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

remove_container() {
	[ "$(container_state)" = none ] || step "Removing the devcontainer" docker rm --force "$container"
	[ "$1" = purge ] || return 0
	docker volume rm "$container" >/dev/null 2>&1 || :
	# One that another clone's container uses stays.
	docker images --format '{{.Repository}}:{{.Tag}}' --filter label=fireworks.devcontainer=image | while read -r name; do
		docker rmi "$name" >/dev/null 2>&1 || :
	done
}

in_devcontainer() {
	began_all=$(date +%s)
	word=$1
	lock=$root/.fireworks/devcontainer.lock
	work=$root/.fireworks/devcontainer
	# In there it is the same folder.
	case ${FIREWORKS_STATE_DIR:-} in
	'') state_dir=$root/.fireworks ;;
	/*) state_dir=$FIREWORKS_STATE_DIR ;;
	*) state_dir=$PWD/$FIREWORKS_STATE_DIR ;;
	esac
	[ -z "${FIREWORKS_STATE_DIR:-}" ] || export FIREWORKS_STATE_DIR="$state_dir"
	if [ "$word" = down ] && [ "$(container_state)" = none ] && ! kind_cluster_there; then
		case " $* " in *" --purge "*) remove_container purge ;; esac
		echo "Nothing runs: there is no devcontainer of this clone, and no kind cluster $kind_cluster."
		return 0
	fi
	if [ "$word" = up ] && ! asks_for_help "$@"; then check_host; fi
	take_lock
	provide_image
	provide_container
	rm -rf "$work"
	unlock
	code=0
	run_words "$@" || code=$?
	if [ $code -eq 0 ] && ! asks_for_help "$@"; then
		case $word in
		down)
			case " $* " in *" --purge "*) remove_container purge ;; *) remove_container keep ;; esac
			done_line "Down, in all" "$began_all"
			;;
		up)
			done_line "Up, in all" "$began_all"
			if [ -t 0 ] && [ -t 1 ] && ! detached "$@"; then open_shell; fi
			;;
		esac
	fi
	return $code
}
