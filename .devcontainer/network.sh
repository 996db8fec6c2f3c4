#!/bin/sh
# Makes the names and addresses of a kind cluster work in this container:
#   curl http://<service>.<namespace>.svc.cluster.local
#
#   network.sh up [--if-there] <cluster>   joins, routes, masquerades, resolves; again: mends what has changed, else changes nothing
#   network.sh down <cluster>              takes all of it back; also when the cluster is gone
#   network.sh status [<cluster>]          says what is there; exit code 0: up, 1: not
#
# - The container joins the cluster's Docker network, and sends what is meant for services and pods to the control plane's IPv4 address.
# - The control plane masquerades it: a pod on another node would answer directly, past the connection tracking that knows the way back. For the
#   same reason it must not send ICMP redirects.
# - Only `cluster.local` is asked of the cluster's DNS, by a dnsmasq here that sends all other names to the resolver from before. That resolver also
#   stays in resolv.conf behind it, so that names resolve without dnsmasq as well.
# - Ports that kind publishes on the host are there on this container's localhost too: VS Code and Codespaces forward those.
#
# Ranges and addresses are read from the cluster's files, not assumed. What was done is kept in a file, so that it can be undone.
# shellcheck disable=SC2034,SC2154 # shared with network/*.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ "$(id -u)" = 0 ] || exec sudo -n --preserve-env=DOCKER_HOST sh "$here/network.sh" "$@"

run=/run/fireworks-network
state=$run/state
resolver=127.0.0.1
mark='# fireworks: cluster.local is resolved by the kind cluster'

say() { printf 'network: %s\n' "$*"; }
fail() {
	printf 'network: %s\n' "$@" >&2
	exit 1
}

for part in docker cluster routes names ports; do
	# shellcheck source=/dev/null
	. "$here/network/$part.sh"
done

up() {
	cluster=$1
	if ! node_runs "$cluster-control-plane"; then
		[ "$if_there" = no ] || return 0
		fail "There is no running kind cluster named $cluster." "  What to do: \`sh bootstrap.sh up\` creates it."
	fi
	# Two clusters have the same ranges: only one can be reached.
	[ ! -f "$state" ] || [ "$(stated cluster)" = "$cluster" ] || down "$(stated cluster)"
	join_network
	read_cluster
	add_routes
	masquerade
	resolve_cluster_names
	relay_ports
	say "*.svc.$domain resolves here; services $services and pods $pods by way of $node_ip"
}

down() {
	if [ "$(stated cluster)" != "$1" ]; then
		say "nothing to undo for $1"
		return 0
	fi
	cluster=$1
	stop_relays
	restore_names
	remove_routes
	stop_masquerading
	leave_network
	rm -f "$state"
	say "undone for $cluster"
}

status() {
	cluster=$(stated cluster)
	if [ -z "$cluster" ] || [ "$cluster" != "${1:-$cluster}" ]; then
		say "not up"
		return 1
	fi
	say "cluster $cluster, network $(stated network), control plane $(stated node_ip), DNS $(stated dns_ip)"
	ok=0
	node_runs "$cluster-control-plane" || {
		say "the control plane does not run"
		ok=1
	}
	for range in $(stated services) $(stated pods); do
		ip -4 route show "$range" | grep -q "via $(stated node_ip) " || {
			say "no route to $range"
			ok=1
		}
	done
	names_work || {
		say "$(kubernetes_name) does not resolve"
		ok=1
	}
	return $ok
}

if_there=no
word=${1:-}
[ $# -eq 0 ] || shift
if [ "${1:-}" = --if-there ]; then
	if_there=yes
	shift
fi
case $word:$# in
up:1 | down:1 | status:0 | status:1) ;;
*) fail "usage: network.sh up [--if-there] <cluster> | down <cluster> | status [<cluster>]" ;;
esac

mkdir -p $run
# One at a time: the hooks of two commands may meet.
exec 9>$run/lock
flock 9
"$word" "$@"
