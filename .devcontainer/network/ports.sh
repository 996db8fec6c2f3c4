# shellcheck shell=sh disable=SC2154
# Relays the ports that kind publishes on the host to this container's localhost. Sourced by
# network.sh.

# published: prints "<host port> <node port>" for each port of the control plane, except its API.
published() {
	docker port "$cluster-control-plane" | sed -n 's#^\([0-9]*\)/tcp -> [0-9.]*:\([0-9]*\)$#\2 \1#p' | grep -v ' 6443$' | sort -u
}

relay_ports() {
	published | while read -r port node_port; do
		pid_file=$run/relay-$port.pid
		# Restart a relay only if it is gone or has another destination.
		relay_runs "$pid_file" && [ "$(cat "$run/relay-$port.to")" = "$node_ip:$node_port" ] && continue
		stop_relay "$pid_file"
		socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "TCP:$node_ip:$node_port" </dev/null >/dev/null 2>&1 9>&- &
		echo $! >"$pid_file"
		echo "$node_ip:$node_port" >"$run/relay-$port.to"
	done
}

relay_runs() { [ -f "$1" ] && [ "$(cat "/proc/$(cat "$1")/comm" 2>/dev/null)" = socat ]; }

stop_relay() {
	! relay_runs "$1" || kill "$(cat "$1")"
	rm -f "$1"
}

stop_relays() {
	for pid_file in "$run"/relay-*.pid; do stop_relay "$pid_file"; done
	rm -f "$run"/relay-*.to
}
