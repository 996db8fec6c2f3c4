# shellcheck shell=sh disable=SC2154
# Connects this container to the cluster's Docker network. Sourced by network.sh.

node_runs() { [ "$(docker inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

# own_id: prints this container's id. Docker mounts resolv.conf from a folder with the id in its
# name. The host name can be different from the id.
own_id() {
	id=$(sed -n 's#.*/containers/\([0-9a-f]\{64\}\)/resolv\.conf .*#\1#p' /proc/self/mountinfo | head -n 1)
	echo "${id:-$(hostname)}"
}

# addresses CONTAINER: prints a line "network IPv4" for each of its networks.
addresses() {
	docker inspect --format '{{range $name, $at := .NetworkSettings.Networks}}{{$name}} {{$at.IPAddress}}{{"\n"}}{{end}}' "$1"
}

stated() { [ ! -f "$state" ] || sed -n "s/^$1=//p" "$state"; }

# remember NAME VALUE: writes to the state file immediately. So after a failure the changes made
# until then can be undone.
remember() {
	{
		grep -v "^$1=" "$state" 2>/dev/null || :
		printf '%s=%s\n' "$1" "$2"
	} >"$state.new"
	mv "$state.new" "$state"
}

join_network() {
	self=$(own_id)
	docker inspect "$self" >/dev/null 2>&1 ||
		fail "This is no container of the engine that the Docker socket speaks to (looked for $self)." \
			"  What to do: start it by \`sh bootstrap.sh\` or by .devcontainer/devcontainer.json."
	network=$(addresses "$cluster-control-plane" | head -n 1 | cut -d' ' -f1)
	remember cluster "$cluster"
	if ! addresses "$self" | grep -q "^$network "; then
		keep_resolver
		remember gateway "$(ip -4 route show default | sed -n 's/^default via \([0-9.]*\).*/\1/p' | head -n 1)"
		remember network "$network"
		remember joined yes
		docker network connect "$network" "$self"
	fi
	keep_way_out
	remember network "$network"
	node_ip=$(addresses "$cluster-control-plane" | sed -n "s/^$network //p")
	own_ip=$(addresses "$self" | sed -n "s/^$network //p")
	interface=$(ip -4 -o addr show | awk -v ip="$own_ip" '$4 ~ "^" ip "/" { print $2 }')
	if [ -z "$node_ip" ] || [ -z "$interface" ]; then fail "The network $network gave no IPv4 address."; fi
	remember self "$self"
}

# keep_way_out: restores the original default route. Docker replaces it by the cluster's network
# when the container joins that network, and again when the container starts.
keep_way_out() {
	gateway=$(stated gateway)
	[ -n "$gateway" ] || return 0
	ip -4 route show default | grep -q "^default via $gateway " || ip -4 route replace default via "$gateway" || :
}

leave_network() {
	[ "$(stated joined)" = yes ] || return 0
	docker network disconnect "$(stated network)" "$(stated self)" 2>/dev/null || :
}
