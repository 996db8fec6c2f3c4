# shellcheck shell=sh disable=SC2034,SC2154
# Packages and builds, each only where what it reads has changed. Sourced by bootstrap.sh.

jars=

# A stamp is the checksum of what a step read; it lies inside what the step made, and so goes with it.
install_stamp=$root/node_modules/.fireworks-stamp
build_stamp=$root/apps/cli/dist/.fireworks-stamp
page_stamp=$root/apps/dashboard/.next/.fireworks-stamp

sum_of() { # sum_of FILE-OR-FOLDER...: under the root, without what is generated.
	(cd "$root" && find "$@" \( -name node_modules -o -name dist -o -name .next -o -name test \) -prune -o -type f ! -name '*.tsbuildinfo' ! -name next-env.d.ts -exec cksum {} + | LC_ALL=C sort | cksum)
}

# Some packages are binaries of one platform and C library: the host and the devcontainer share the folder, and may differ.
platform() {
	uname -sm
	if ldd --version 2>&1 | grep -qi musl; then echo musl; fi
}
install_sum() {
	sum_of pnpm-lock.yaml pnpm-workspace.yaml package.json "$(patches)" | tr -d '\n'
	platform | tr '\n' ' '
	node --version
}
patches() { if [ -d "$root/patches" ]; then echo patches; else echo package.json; fi; }
build_sum() { { install_sum && sum_of packages services apps/cli scripts/build.ts; } | cksum; }
page_sum() { { install_sum && sum_of packages/client packages/contracts apps/dashboard; } | cksum; }

stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

install_packages() {
	(cd "$root" && pnpm install --frozen-lockfile --prefer-offline --config.confirmModulesPurge=false)
}
build_services() { (cd "$root" && node scripts/build.ts); }
build_page() { (cd "$root/apps/dashboard" && node scripts/build.ts); }

prepare() {
	sum=$(install_sum)
	if ! stamped "$install_stamp" "$sum"; then
		provide_pnpm
		rm -f "$install_stamp"
		step "Installing packages" install_packages
		printf '%s\n' "$sum" >"$install_stamp"
	fi
	# The sums are taken before the build: a file that changes meanwhile is built next time.
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

# Kafka's jars come while packages are installed and the rest is built; where that fails, `up` tries again and says why.
fetch_jars_meanwhile() {
	node "$root/packages/local-kafka/scripts/fetch-jars.ts" >/dev/null 2>&1 </dev/null &
	jars=$!
}

await_jars() {
	[ -n "$jars" ] || return 0
	wait "$jars" || :
	jars=
}
