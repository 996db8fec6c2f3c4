# shellcheck shell=sh disable=SC2034,SC2154
# Installs packages and builds the sources, each only if its inputs have changed. Sourced by
# bootstrap.sh.

jars=

# A stamp is a file with the checksum of a step's inputs. It is inside the step's output folder, so
# it is deleted together with the output.
install_stamp=$root/node_modules/.fireworks-stamp
build_stamp=$root/apps/cli/dist/.fireworks-stamp
page_stamp=$root/apps/dashboard/.next/.fireworks-stamp

sum_of() { # sum_of FILE-OR-FOLDER...: under the root, without what is generated.
	(
		cd "$root" && find "$@" \( -name node_modules -o -name dist -o -name .next -o -name test \) -prune -o \
			-type f ! -name '*.tsbuildinfo' ! -name next-env.d.ts -exec cksum {} + | LC_ALL=C sort | cksum
	)
}

# platform: part of the checksum, because some packages are binaries for one platform and C library.
# The host and the devcontainer share the folder, and may differ in both.
platform() {
	uname -sm
	if ldd --version 2>&1 | grep -qi musl; then echo musl; fi
}
install_sum() {
	sum_of .npmrc pnpm-lock.yaml pnpm-workspace.yaml package.json "$(patches)" | tr -d '\n'
	platform | tr '\n' ' '
	node --version
}
patches() { if [ -d "$root/patches" ]; then echo patches; else echo package.json; fi; }
build_sum() { { install_sum && sum_of packages services apps/cli scripts/build.ts; } | cksum; }
page_sum() { { install_sum && sum_of packages/client packages/contracts apps/dashboard; } | cksum; }

stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

install_packages() {
	cd "$root" && pnpm install --frozen-lockfile --prefer-offline --lockfile-dir "$root" \
		--config.confirmModulesPurge=false --reporter=append-only
}
build_services() { (cd "$root" && node scripts/build.ts); }
build_page() { (cd "$root/apps/dashboard" && node scripts/build.ts); }

provide_packages() {
	check_clone_writable
	sum=$(install_sum)
	! stamped "$install_stamp" "$sum" || return 0
	provide_pnpm
	rm -f "$install_stamp"
	step "Installing packages" install_packages
	printf '%s\n' "$sum" >"$install_stamp"
}

prepare() {
	provide_packages
	# The checksum is taken before the build, so a file that changes during the build is built next
	# time.
	sum=$(build_sum)
	if ! stamped "$build_stamp" "$sum"; then
		rm -f "$build_stamp"
		step "Building services and command" build_services
		printf '%s\n' "$sum" >"$build_stamp"
	fi
	[ "$needs_page" = yes ] || return 0
	sum=$(page_sum)
	if ! stamped "$page_stamp" "$sum"; then
		rm -f "$page_stamp"
		step "Building the page" build_page
		printf '%s\n' "$sum" >"$page_stamp"
	fi
}

prepared() {
	stamped "$install_stamp" "$(install_sum)" && stamped "$build_stamp" "$(build_sum)" || return 1
	[ "$needs_page" = no ] || stamped "$page_stamp" "$(page_sum)"
}

# --- Kafka's jars ---------------------------------------------------------------------------------

# If the download receives nothing for this long, it is left to `up`, which reports the cause.
JARS_PATIENCE_S=20

# fetch_jars_meanwhile: downloads Kafka's jars while packages are installed and the sources are
# built. If that fails, `up` tries again and reports the cause.
fetch_jars_meanwhile() {
	make_work_folder
	rm -f "$work/jars-ended"
	(
		note_child "$(own_pid)"
		node "$root/packages/local-kafka/scripts/fetch-jars.ts" || :
		: >"$work/jars-ended"
	) >/dev/null 2>&1 </dev/null 3>&- &
	jars=$!
}

await_jars() {
	[ -n "$jars" ] || return 0
	[ -e "$work/jars-ended" ] || step "Fetching Kafka's jars" jars_arrive
	end_jars
}

# jars_arrive: waits until all jars are there, or nothing has arrived for JARS_PATIENCE_S.
jars_arrive() {
	arrived=
	still=0
	until [ -e "$work/jars-ended" ] || [ "$still" -ge "$JARS_PATIENCE_S" ]; do
		sleep 1
		now=$(du -sk "$cache" 2>/dev/null | cut -f 1)
		if [ "$now" = "$arrived" ]; then still=$((still + 1)); else still=0; fi
		arrived=$now
	done
}

end_jars() {
	[ -z "$jars" ] || end_tree "$jars"
	[ -z "$jars" ] || wait "$jars" 2>/dev/null || :
	jars=
}

# --- what a failure means -------------------------------------------------------------------------

# explain_failure LOG: ends with one line that names the cause and the remedy, if the log shows a
# known cause. The log's last lines are printed before it.
explain_failure() {
	if disk_full || grep -qE 'ENOSPC|no space left on device|EDQUOT' "$1"; then
		fail "$label failed: the disk is full ($(free_space "$root"), $(free_space "$cache")). What to do: free some space, then run it again; what is done is kept."
	elif grep -qE 'EROFS|ead-only file system' "$1"; then
		fail "$label failed: a file system is read-only. What to do: clone to a folder that you can write to, or set FIREWORKS_CACHE_DIR to one. All of the output: $1"
	elif grep -qE 'EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network timeout' "$1"; then
		fail "$label failed: the package registry ($(registry)) cannot be reached. What to do: check the network; behind a proxy set https_proxy, with a mirror \`npm config set registry URL\`. All of the output: $1"
	elif grep -qE 'UNABLE_TO_|SELF_SIGNED_CERT|CERT_' "$1"; then
		fail "$label failed: the certificate of the package registry ($(registry)) is not trusted. What to do: set NODE_EXTRA_CA_CERTS to your company's certificate. All of the output: $1"
	elif grep -qE 'EACCES|EPERM' "$1"; then
		fail "$label failed: no permission for $(sed -n "s/.*E[A-Z]*: [^']*'\([^']*\)'.*/\1/p" "$1" | head -n 1). What to do: \`sudo chown -R $(id -u):$(id -g)\` that folder (an earlier \`sudo\` may have made it). All of the output: $1"
	fi
}

registry() { npm config get registry 2>/dev/null </dev/null || echo "see \`npm config get registry\`"; }

free_kilobytes() { df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }'; }
free_space() { echo "$(($(free_kilobytes "$1") / 1024)) MB free at $1"; }
disk_full() {
	for folder in "$root" "$cache"; do
		[ "$(free_kilobytes "$folder")" -gt 1024 ] || return 0
	done
	return 1
}
