# shellcheck shell=sh disable=SC2154
# Sets routes in this container and masquerading on the control plane. Sourced by network.sh.

# Removes the routes to old ranges first, because a recreated cluster may have other ranges.
add_routes() {
	for range in $(stated services) $(stated pods); do
		case " $services $pods " in *" $range "*) ;; *) ip -4 route del "$range" 2>/dev/null || : ;; esac
	done
	for range in $services $pods; do ip -4 route replace "$range" via "$node_ip" dev "$interface"; done
	remember services "$services"
	remember pods "$pods"
	remember node_ip "$node_ip"
}

remove_routes() {
	for range in $(stated services) $(stated pods); do ip -4 route del "$range" via "$(stated node_ip)" 2>/dev/null || :; done
}

# rules: prints our rules on the control plane, as arguments of iptables. Each has this container's
# id in its comment.
rules() { docker exec "$cluster-control-plane" iptables -t nat -S POSTROUTING | grep "fireworks-devcontainer-$(printf %.12s "$self")" || :; }

masquerade() {
	tag=fireworks-devcontainer-$(printf %.12s "$self")
	wanted=$(for range in $services $pods; do printf -- '-s %s/32 -d %s\n' "$own_ip" "$range"; done)
	# Change nothing if exactly the wanted rules are set.
	have=$(rules | sed -n 's/^-A POSTROUTING \(-s [^ ]* -d [^ ]*\) .*/\1/p')
	if [ "$have" != "$wanted" ]; then
		remove_rules
		for range in $services $pods; do
			node iptables -t nat -A POSTROUTING -s "$own_ip/32" -d "$range" -m comment --comment "$tag" -j MASQUERADE
		done
	fi
	node sysctl -q -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
}

remove_rules() {
	rules | sed 's/^-A/-D/' | while read -r rule; do
		# shellcheck disable=SC2086 # the words of a rule
		docker exec "$cluster-control-plane" iptables -t nat $rule </dev/null
	done
}

# Other devcontainers may use the same control plane, so redirects are turned on again only when no
# devcontainer has rules left.
stop_masquerading() {
	node_runs "$cluster-control-plane" || return 0
	self=$(stated self)
	remove_rules
	docker exec "$cluster-control-plane" iptables -t nat -S POSTROUTING | grep -q fireworks-devcontainer- ||
		docker exec "$cluster-control-plane" sysctl -q -w net.ipv4.conf.all.send_redirects=1 net.ipv4.conf.eth0.send_redirects=1
}
