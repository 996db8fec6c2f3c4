# shellcheck shell=sh disable=SC2034,SC2154
# The devcontainer of this clone: how it is started, and when it is replaced. Sourced by
# bootstrap.sh.

container=fireworks-devcontainer-$(printf %s "$root" | short_sum)

# shellcheck disable=SC2012 # numbers, of one folder
owner=$(ls -nd "$root" | awk '{ print $3 ":" $4 }')

# mount_of TYPE SOURCE TARGET [OPTION]: the value of --mount. It is a line of CSV, so a path with
# commas or quotes is quoted. (--volume does not allow a colon in a path.)
mount_of() {
	printf '%s\n' "type=$1,$(csv_field "source=$2"),$(csv_field "target=$3")${4:+,$4}"
}
csv_field() {
	case $1 in
	*[,\"]*) printf '"%s"' "$(printf %s "$1" | sed 's/"/""/g')" ;;
	*) printf %s "$1" ;;
	esac
}

# run_arguments: prints the arguments of `docker run`, one per line. The clone is mounted at its own
# path, so a path that a program prints is valid on both sides.
run_arguments() {
	printf '%s\n' --init --hostname fireworks-devcontainer --cap-add NET_ADMIN --restart unless-stopped \
		--label "fireworks.workspace=$root" --label "fireworks.image=$image" \
		--mount "$(mount_of bind "$socket" /var/run/docker.sock)" \
		--mount "$(mount_of bind "$root" "$root")" \
		--mount "$(mount_of volume "$container" /cache)" --workdir "$root" \
		--env "FIREWORKS_OWNER=$owner" --env "FIREWORKS_KIND_CLUSTER=$kind_cluster" \
		--env "KIND_KUBECONFIG=$state_dir/kubeconfig.internal" \
		--env "KUBECONFIG=/home/node/.kube/config:/home/node/.kube/kind:$(host_kubeconfigs)"
	# The host's contexts, for clusters in a cloud; read-only.
	if [ -z "${KUBECONFIG:-}" ] && [ -d "${HOME:-}/.kube" ]; then
		printf '%s\n' --mount "$(mount_of bind "$HOME/.kube" /host-kube readonly)"
	fi
	case $state_dir in "$root"/*) ;; *) printf '%s\n' --mount "$(mount_of bind "$state_dir" "$state_dir")" ;; esac
	host_mounts | while IFS='	' read -r from to; do printf '%s\n' --mount "$(mount_of bind "$from" "$to" readonly)"; done
}

# container_sum: the checksum of everything that the container is started with. It includes the
# inodes of mounted files: a file that was replaced has a new inode, but a running container keeps
# the old one.
container_sum() {
	{
		run_arguments
		host_mounts | while IFS='	' read -r from to; do ls -i "$from" | awk '{ print $1 }'; done
	} | short_sum
}

# `docker inspect` prints an empty line for a missing container, so its exit code decides.
container_state() {
	at=$(docker container inspect --format '{{.State.Status}}' "$container" 2>/dev/null) || at=none
	echo "$at"
}

provide_container() {
	sum=$(container_sum)
	state=$(container_state)
	if [ "$state" != none ] && [ "$(docker container inspect --format '{{index .Config.Labels "fireworks.sum"}}' "$container")" != "$sum" ]; then
		step "Removing the old devcontainer" docker rm --force "$container"
		state=none
	fi
	case $state in
	# The bootstrap.sh that started it may have been killed before the setup was complete.
	running) ready || step "Starting the devcontainer" enter_first ;;
	none) step "Starting the devcontainer" create_container ;;
	*) step "Starting the devcontainer" start_container ;;
	esac
}

create_container() {
	mkdir -p "$state_dir"
	set --
	while read -r argument; do set -- "$@" "$argument"; done <<-END
		$(run_arguments)
	END
	docker run --detach --name "$container" --label "fireworks.sum=$sum" "$@" "$image" && enter_first
}

start_container() { docker start "$container" && enter_first; }

ready() { docker exec "$container" test -e /run/fireworks-ready; }

# enter_first: waits until entry.sh has set up the user and the groups. Then it sets up the
# cluster's names if there is a cluster, because a restart of the container removes the routes.
enter_first() {
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
	docker exec "$container" touch /run/fireworks-ready
}

remove_container() {
	[ "$(container_state)" = none ] || step "Removing the devcontainer" docker rm --force "$container"
	[ "$1" = purge ] || return 0
	docker volume rm "$container" >/dev/null 2>&1 || :
	# An image that another clone's container uses cannot be removed, and stays.
	docker images --format '{{.Repository}}:{{.Tag}}' --filter label=fireworks.devcontainer=image | while read -r name; do
		docker rmi "$name" >/dev/null 2>&1 || :
	done
}
