#!/bin/sh
# Creates the engine's virtual environment if it does not exist, and prints the path of its Python:
# `sh engines/python/venv.sh [--dev]`.
#
# The environment is in the cache, next to Kafka's jars. Its folder is named after the checksum of
# the lock file and of the Python version. Every package is checked against the hash in the lock
# file. --dev: also installs what the tests and checks need. Needs only Python 3.11 or later with
# venv.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cache=${FIREWORKS_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:?is not set: set FIREWORKS_CACHE_DIR}/.cache}/fireworks}
lock=$here/requirements.lock
[ "${1:-}" != --dev ] || lock=$here/requirements-dev.lock

new_enough='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 ''; do
	[ -n "$python" ] || {
		echo "There is no Python 3.11 or later with venv: \`apt install python3-venv\`, \`dnf install python3\`, \`brew install python\`, or set PYTHON." >&2
		exit 1
	}
	"$python" -c "$new_enough" 2>/dev/null && break
done

version=$("$python" -c 'import platform, sys; print(sys.version, platform.machine(), sys.base_prefix)')
sum=$( (cat "$lock" && printf '%s' "$version") | cksum | tr ' ' '-')
folder=$cache/python-$sum
if [ ! -x "$folder/bin/python" ]; then
	# It is created under another name and then renamed, so it is either absent or complete. Renaming
	# is safe: nothing that we use in it contains its own path.
	part=$folder.$$.part
	rm -rf "$part"
	mkdir -p "$cache"
	trap 'rm -rf "$part"' EXIT
	"$python" -m venv "$part"
	"$part/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: --require-hashes -r "$lock" >&2
	[ -e "$folder" ] || mv "$part" "$folder"
fi
printf '%s\n' "$folder/bin/python"
