# shellcheck shell=sh disable=SC2154
# DNS: the cluster resolves cluster.local, the original resolver all other names. Sourced by
# network.sh.

before=$run/resolv.before   # resolv.conf as it was without us, for down
# resolv.conf as Docker makes it once the network is joined: where all other names go.
upstream=$run/resolv.joined
dns_pid=$run/dnsmasq.pid

ours() { grep -qF "$mark" /etc/resolv.conf; }

# resolv.conf is a mount, so it is written in place and never replaced.
write_resolver() { cat >/etc/resolv.conf; }

keep_resolver() { ours || cp /etc/resolv.conf "$before"; }

servers() { sed -n 's/^nameserver *//p' "$upstream"; }

kubernetes_name() { echo "kubernetes.default.svc.$(stated domain)"; }
names_work() { dig +short +time=1 +tries=1 "@$resolver" "$(kubernetes_name)" 2>/dev/null | grep -q '^[0-9.]*$'; }

# resolve_cluster_names: starts dnsmasq and puts it first in resolv.conf. dnsmasq has no cache,
# because a recreated cluster's nodes have the same names at other addresses. Its arguments contain
# all of its configuration, so it is restarted only if they differ or if it is gone.
resolve_cluster_names() {
	# After a restart of the container Docker has rewritten resolv.conf.
	ours || cp /etc/resolv.conf "$upstream"
	[ -f "$before" ] || cp "$upstream" "$before"
	set -- "--pid-file=$dns_pid" "--listen-address=$resolver" --bind-interfaces --no-resolv --no-hosts --cache-size=0 --user=root \
		"--server=/$domain/$dns_ip" "--rebind-domain-ok=$domain"
	for server in $(servers); do set -- "$@" "--server=$server"; done
	if [ "$(stated dnsmasq)" != "$*" ] || ! dnsmasq_runs; then
		stop_dnsmasq
		# dnsmasq must not inherit the lock's descriptor: it would hold the lock as long as it runs.
		dnsmasq "$@" 9>&-
		remember dnsmasq "$*"
	fi
	remember dns_ip "$dns_ip"
	remember domain "$domain"
	# The original resolver comes after ours: the C library asks it if ours does not answer. The C
	# library uses three resolvers at most.
	{
		echo "$mark, all else by the resolver from before (.devcontainer/network.sh)"
		echo "nameserver $resolver"
		servers | head -n 2 | sed 's/^/nameserver /'
		grep -v '^nameserver\|^#' "$upstream" || :
	} | write_resolver
	# The first query through a new route may get lost, and CoreDNS may still be starting. That must
	# not make `up` fail.
	tries=0
	until names_work || [ $tries -ge 5 ]; do tries=$((tries + 1)); done
}

dnsmasq_runs() {
	[ -f "$dns_pid" ] && [ "$(cat "/proc/$(cat "$dns_pid")/comm" 2>/dev/null)" = dnsmasq ]
}

stop_dnsmasq() {
	if dnsmasq_runs; then
		pid=$(cat "$dns_pid")
		kill "$pid"
		while [ -d "/proc/$pid" ]; do sleep 0.05; done
	fi
	rm -f "$dns_pid"
}

restore_names() {
	if ours; then write_resolver <"$before"; fi
	stop_dnsmasq
	rm -f "$before" "$upstream"
}
