#!/bin/sh
# Makes the names and addresses of a kind cluster work in this container:
#   curl http://<service>.<namespace>.svc.cluster.local
#
#   network.sh up [--if-there] <cluster>   sets everything up; when run again, repairs what changed
#   network.sh down <cluster>              undoes everything, even if the cluster is gone
#   network.sh status [<cluster>]          shows what is set up; exit code 0: up, 1: not
#
# - The container joins the cluster's Docker network, and sends traffic for services and pods to the
#   control plane's IPv4 address.
# - The control plane masquerades this traffic. Otherwise a pod on another node would answer
#   directly and bypass the control plane's connection tracking. For the same reason the control
#   plane must not send ICMP redirects.
# - A dnsmasq in this container asks the cluster's DNS only for `cluster.local`, and the original
#   resolver for all other names. The original resolver also stays second in resolv.conf, so names
#   resolve even without dnsmasq.
# - The ports that kind publishes on the host are also available on this container's localhost, from
#   where VS Code and Codespaces forward them.
#
# Ranges and addresses are read from the cluster's files, not assumed. Every change is recorded in a
# file, so `down` can undo it.
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
	# All kind clusters use the same ranges, so only one can be reachable at a time.
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
# Only one at a time: two commands may call this script at the same moment.
exec 9>$run/lock
flock 9
"$word" "$@"
