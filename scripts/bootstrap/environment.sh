# shellcheck shell=sh disable=SC2034,SC2154
# Removes variables from the user's environment that would change the packages or the builds.
# Sourced by bootstrap.sh.

# network_setting NAME: true for the settings of npm and pnpm that say how to reach the registry and
# where to keep files. These are kept. All others (omit=dev, lockfile=false, node-linker, global,
# ...) would change what is installed, and are removed. The same settings in a user's .npmrc are
# overridden by pnpm-workspace.yaml, by the clone's .npmrc and by the arguments in these scripts.
# shellcheck disable=SC2254 # patterns
network_setting() {
	case $1 in
	*registry | *proxy | *auth* | *token | cafile | ca | cert | key | strict_ssl | local_address) return 0 ;;
	userconfig | globalconfig | cache | cache_dir | store_dir | tmp) return 0 ;;
	fetch_* | maxsockets | network_concurrency | offline | prefer_offline | *release_age* | before) return 0 ;;
	*) return 1 ;;
	esac
}

own_package_settings() {
	for name in $(env | LC_ALL=C grep -iE '^p?npm_config_[a-z0-9_]*=' | cut -d = -f 1); do
		short=$(printf '%s' "${name#*_*_}" | LC_ALL=C tr 'A-Z-' 'a-z_')
		network_setting "$short" || unset "$name"
	done
}

# use_proxy: makes Node's own downloads (Kafka's jars) go through the proxy of the environment,
# which Node does only if NODE_USE_ENV_PROXY is set. The parts of the system reach each other over
# the loopback address, which is excluded. It is not set in the devcontainer, where requests to the
# cluster would go through the proxy too.
use_proxy() {
	[ -z "${FIREWORKS_DEVCONTAINER:-}" ] || return 0
	[ -n "${http_proxy:-}${https_proxy:-}${HTTP_PROXY:-}${HTTPS_PROXY:-}" ] || return 0
	export NODE_USE_ENV_PROXY="${NODE_USE_ENV_PROXY:-1}"
	direct=${no_proxy:-${NO_PROXY:-}}
	for name in localhost 127.0.0.1 ::1; do
		case ,$direct, in *,"$name",*) ;; *) direct=$direct${direct:+,}$name ;; esac
	done
	export no_proxy="$direct" NO_PROXY="$direct"
}

clean_environment() {
	own_package_settings
	use_proxy
	# `development` breaks the build of the page, and `production` breaks the tests. Each tool sets
	# its own value.
	unset NODE_ENV
	# corepack's pnpm must not ask before a download: without a terminal it would wait forever.
	export COREPACK_ENABLE_DOWNLOAD_PROMPT=0
}
