# shellcheck shell=sh disable=SC2034,SC2154
# Checks the host before minutes of building, for problems that a container cannot see. Each finding
# comes with its fix. Sourced by bootstrap.sh.

MEMORY_MIN_MB=3000
DISK_MIN_MB=8000

check_host() {
	check_memory
	check_disk
	check_inotify
	if ! kind_cluster_there; then
		check_port "${FIREWORKS_DASHBOARD_PORT:-3000}" FIREWORKS_DASHBOARD_PORT
		check_port "${FIREWORKS_MIDDLEWARE_PORT:-8080}" FIREWORKS_MIDDLEWARE_PORT
	fi
}

check_memory() {
	megabytes=$((engine_memory / 1048576))
	[ "$megabytes" -ge "$MEMORY_MIN_MB" ] || fail "Docker has $megabytes MB of memory; the cluster with all parts takes about $MEMORY_MIN_MB." \
		"  What to do: give it more (Docker Desktop: Settings, Resources), or use \`sh bootstrap.sh --local\` (about 1 GB)."
	[ -r /proc/meminfo ] && ! kind_cluster_there || return 0
	free=$(($(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo) / 1024))
	[ "$free" -ge "$MEMORY_MIN_MB" ] || warn "Only $free MB of memory are free; the cluster with all parts takes about $MEMORY_MIN_MB: close something, or expect slowness."
}

check_disk() {
	# If the engine runs in a virtual machine, its folder does not exist here.
	[ -d "$engine_root" ] || engine_root=$root
	free=$(df -Pk "$engine_root" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$free" -ge "$DISK_MIN_MB" ] || warn "Only $free MB are free at $engine_root; images and cluster take about $DISK_MIN_MB on a first run." \
		"  What to do: \`docker system df\` shows what takes the room, \`docker builder prune\` and \`docker image prune\` free some."
}

# kind's nodes watch many files. With a desktop's default limits a kubelet may fail with "too many
# open files".
check_inotify() {
	for limit in max_user_instances:256 max_user_watches:65536; do
		file=/proc/sys/fs/inotify/${limit%%:*}
		[ -r "$file" ] || continue
		[ "$(cat "$file")" -ge "${limit##*:}" ] || warn "fs.inotify.${limit%%:*} is $(cat "$file"), little for a Kubernetes node." \
			"  What to do: \`sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288\`"
	done
}

# check_port PORT SETTING: stops if another program uses the port, because kind publishes it.
check_port() {
	holder=$(docker ps --filter "publish=$1" --format 'the container {{.Names}}' | head -n 1)
	[ -n "$holder" ] || ! port_taken "$1" || holder=$(port_owner "$1")
	[ -z "$holder" ] || fail "Port $1 is taken, by $holder." \
		"  What to do: stop that, or choose another port: \`$2=$(($1 + 100)) sh bootstrap.sh\`." \
		"  Fireworks running without Docker? \`sh bootstrap.sh down --local\` stops it."
}

port_taken() {
	if [ -r /proc/net/tcp ]; then
		# The last columns of a listening socket: its port in hexadecimal, state 0A.
		awk -v port=":$(printf '%04X' "$1")" '$4 == "0A" && index($2, port) == length($2) - 4 { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
	elif command -v lsof >/dev/null 2>&1; then
		lsof -nP -iTCP:"$1" -sTCP:LISTEN >/dev/null 2>&1
	else
		return 1
	fi
}

port_owner() {
	owner=
	if command -v ss >/dev/null 2>&1; then
		owner=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/p' | head -n 1)
	elif command -v lsof >/dev/null 2>&1; then
		owner=$(lsof -nP -iTCP:"$1" -sTCP:LISTEN 2>/dev/null | awk 'NR == 2 { print $1 " (pid " $2 ")" }')
	fi
	echo "${owner:-a process that this user cannot see}"
}
