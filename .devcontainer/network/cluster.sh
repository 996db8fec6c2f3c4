# shellcheck shell=sh disable=SC2034,SC2154
# Reads the cluster's ranges and DNS address from the control plane's files, which exist before its
# API answers.

node() { docker exec "$cluster-control-plane" "$@"; }

# ipv4_of LIST: prints the IPv4 entry of "a,b" (a dual-stack cluster has both).
ipv4_of() { printf '%s\n' "$1" | tr ',' '\n' | grep -v : | head -n 1; }

read_cluster() {
	kubeadm=$(node cat /kind/kubeadm.conf) || fail "The control plane of $cluster cannot be entered."
	kubelet=$(node cat /var/lib/kubelet/config.yaml) || fail "The control plane of $cluster is not set up yet."
	services=$(ipv4_of "$(printf '%s\n' "$kubeadm" | sed -n 's/^ *serviceSubnet: *"\{0,1\}\([^" ]*\).*/\1/p' | head -n 1)")
	pods=$(ipv4_of "$(printf '%s\n' "$kubeadm" | sed -n 's/^ *podSubnet: *"\{0,1\}\([^" ]*\).*/\1/p' | head -n 1)")
	dns_ip=$(printf '%s\n' "$kubelet" | sed -n '/^clusterDNS:/,/^[^- ]/s/^ *- *//p' | grep -v : | head -n 1)
	domain=$(printf '%s\n' "$kubelet" | sed -n 's/^clusterDomain: *//p')
	for found in "services:$services" "pods:$pods" "DNS:$dns_ip" "domain:$domain"; do
		[ -n "${found#*:}" ] || fail "The control plane of $cluster does not say its ${found%%:*} (IPv4)."
	done
}
