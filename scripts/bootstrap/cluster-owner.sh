# shellcheck shell=sh disable=SC2034,SC2154
# Which clone a kind cluster belongs to. All clones of this machine share one Docker, in which a
# cluster name exists only once, and kind cannot label a node's container. So the CLI creates a
# volume named after the cluster, with the clone as its label, right before it creates the cluster.
# `down` removes the volume. Sourced by bootstrap.sh.

kind_cluster=${FIREWORKS_KIND_CLUSTER:-fireworks}
cluster_volume=fireworks-cluster-$kind_cluster

kind_nodes() { docker ps --all --quiet --filter "label=io.x-k8s.kind.cluster=$kind_cluster"; }
kind_cluster_there() { [ -n "$(kind_nodes)" ]; }

# cluster_owner: prints the clone that created the cluster, or nothing if that is unknown.
cluster_owner() { docker volume inspect --format '{{index .Labels "fireworks.workspace"}}' "$cluster_volume" 2>/dev/null || :; }

# cluster_is: prints ours, foreign (another clone's) or unknown.
cluster_is() {
	made_by=$(cluster_owner | tr -d '\n')
	if [ "$made_by" = "$root" ]; then
		echo ours
	elif [ -n "$made_by" ]; then
		echo foreign
	elif remembered_kind; then
		echo ours
	else
		echo unknown
	fi
}

# For clusters that were created before the volume was introduced: the cluster is ours if the last
# `up` of this clone used a cluster of this name.
remembered_kind() {
	file=${state_dir:-${FIREWORKS_STATE_DIR:-$root/.fireworks}}/target.json
	grep -q '"target": *"kind"' "$file" 2>/dev/null || return 1
	known=$(sed -n 's/.*"FIREWORKS_KIND_CLUSTER": *"\([^"]*\)".*/\1/p' "$file" | head -n 1)
	[ "${known:-fireworks}" = "$kind_cluster" ]
}

# check_cluster_owner: stops `up` if the cluster is not ours. Otherwise `up` would replace another
# clone's system with its own version.
check_cluster_owner() {
	kind_cluster_there || return 0
	case $(cluster_is) in
	ours) return 0 ;;
	foreign)
		first="The kind cluster \"$kind_cluster\" belongs to another clone: $(cluster_owner)"
		last="  Was that clone moved to here? \`docker volume rm $cluster_volume\` gives the cluster to this one."
		;;
	*)
		first="There is a kind cluster \"$kind_cluster\" that was not made by Fireworks from this clone."
		last="  Or use that one from here: \`docker volume create --label fireworks.workspace='$root' $cluster_volume\`, then \`up\` again."
		;;
	esac
	fail "$first" \
		"  What to do: give this clone a cluster of its own:" \
		"  \`FIREWORKS_KIND_CLUSTER=fireworks-2 FIREWORKS_DASHBOARD_PORT=3100 FIREWORKS_MIDDLEWARE_PORT=8180 sh bootstrap.sh\`" \
		"$last"
}

# remove_nodes: removes the cluster without kind. kind is in the devcontainer, which may be gone.
remove_nodes() {
	# shellcheck disable=SC2046 # ids
	docker rm --force --volumes $(kind_nodes)
	docker volume rm "$cluster_volume" >/dev/null 2>&1 || :
	rm -f "$state_dir/kubeconfig" "$state_dir/kubeconfig.internal" "$state_dir/target.json"
}
