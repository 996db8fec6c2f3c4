# shellcheck shell=sh disable=SC2034,SC2154
# The Docker engine of this machine: is there one, and where is its socket? Sourced by bootstrap.sh.

# find_engine: 0 where an engine answers, with its facts in engine_*; 1 where there is none (a client alone is not Docker); stops where there is
# one that cannot be used, with what to do.
find_engine() {
	command -v docker >/dev/null 2>&1 || return 1
	# `docker info` of some versions ends with 0 although no engine answered: then these fields are empty.
	format='{{.ServerVersion}}|{{.OperatingSystem}}|{{.MemTotal}}|{{.DockerRootDir}}'
	said=$(bounded 20 docker info --format "$format" 2>&1) || said="error: $said"
	case $said in
	*"permission denied"*) no_permission ;;
	error:* | \|* | *ERROR*)
		engine_trouble=$(printf '%s\n' "$said" | tail -n 1)
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

# The socket to mount, as the engine's machine sees it. The clone is mounted too, so the engine has to see the same files as we do.
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
	# Docker Desktop and the like run the engine in a virtual machine, with the socket at its usual place there.
	case $engine_system:$(uname -s) in "Docker Desktop"*:* | *:Darwin) socket=/var/run/docker.sock ;; esac
}
