# shellcheck shell=sh disable=SC2034,SC2154
# Finds the Docker engine of this machine and its socket. Sourced by bootstrap.sh.

# find_engine: returns 0 if an engine answers, and sets engine_*. Returns 1 if there is none; a
# Docker client alone does not count. If there is an engine that cannot be used, it stops and says
# what to do.
find_engine() {
	command -v docker >/dev/null 2>&1 || return 1
	# Some versions of `docker info` exit with 0 although no engine answered. Then these fields are
	# empty.
	format='{{.ServerVersion}}|{{.OperatingSystem}}|{{.MemTotal}}|{{.DockerRootDir}}'
	said=$(bounded 20 docker info --format "$format" 2>&1) || said="error: $said"
	case $said in
	*"permission denied"*) no_permission ;;
	error:* | \|* | *ERROR*)
		engine_failure=$(printf '%s\n' "$said" | tail -n 1)
		return 1
		;;
	esac
	said=$(printf '%s\n' "$said" | tail -n 1)
	engine_version=${said%%|*}
	said=${said#*|}
	engine_system=${said%%|*}
	said=${said#*|}
	engine_memory=${said%%|*}
	engine_root=${said#*|}
	find_socket
}

bounded() {
	limit=$1
	shift
	if command -v timeout >/dev/null 2>&1; then timeout "$limit" "$@"; else "$@"; fi
}

no_permission() {
	fail "Docker runs here, but $(id -un) may not use it: no permission on its socket." \
		"  What to do: \`sudo usermod -aG docker $(id -un)\`, then log in again (or \`newgrp docker\`)." \
		"  Or without Docker: \`sh bootstrap.sh --local\` (needs Node and Java)."
}

# find_socket: finds the path of the socket to mount, on the engine's machine. The clone is mounted
# too, so the engine must see the same files as this script.
find_socket() {
	endpoint=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || :)}
	case ${endpoint:=unix:///var/run/docker.sock} in
	unix://*) socket=${endpoint#unix://} ;;
	npipe:*)
		fail "This is Docker for Windows outside of WSL ($endpoint)." \
			"  What to do: run \`sh bootstrap.sh\` inside a WSL distribution that Docker Desktop is integrated with."
		;;
	*)
		fail "Docker's engine is on another machine ($endpoint): this clone cannot be mounted there." \
			"  What to do: run \`sh bootstrap.sh\` on that machine, or choose a local engine (\`unset DOCKER_HOST\`, \`docker context use default\`)," \
			"  or do without Docker: \`sh bootstrap.sh --local\` (needs Node and Java)."
		;;
	esac
	# Docker Desktop and similar products run the engine in a virtual machine, where the socket has
	# its usual path.
	case $engine_system:$(uname -s) in "Docker Desktop"*:* | *:Darwin) socket=/var/run/docker.sock ;; esac
}
