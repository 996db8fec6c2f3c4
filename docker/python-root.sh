#!/bin/sh
# Builds the root file system of the Python engine's image: python, its standard library, and the
# shared libraries that they and the packages already in FOLDER load. Run it in the python image of
# the target platform (Debian): sh python-root.sh FOLDER
set -eu
root=$1

# copy FILE-OR-FOLDER: copies it to the same path below the root, because python finds its library
# relative to its own path.
copy() {
	mkdir -p "$root$(dirname "$1")"
	cp -a "$1" "$root$(dirname "$1")/"
}

python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
library=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
copy "$python"
ln -sf "$(basename "$python")" "$root$(dirname "$python")/python3"
copy "$library"
# Remove what is only for installing, graphics or tests, and the packages of the base image (pip).
(cd "$root$library" && rm -rf site-packages dist-packages ensurepip idlelib lib2to3 pydoc_data test tkinter turtledemo venv config-* && find . -name __pycache__ -prune -exec rm -rf {} +)
# Remove the packages' tests and their command-line programs.
(cd "$root/app/packages" && rm -rf bin && find . -type d -name tests -prune -exec rm -rf {} +)

# owner_of FILE: prints the Debian package of a file, or nothing if dpkg does not know it. With a
# merged /usr a file has two paths, so it looks for both.
owner_of() {
	for path in "$1" "/usr$1" "$(readlink -f "$1")"; do
		dpkg-query --search "$path" 2>/dev/null | cut -d: -f1 | head -n 1 | grep . && return 0
	done
	return 0
}

mkdir -p "$root/var/lib/dpkg/status.d" "$root/etc/ssl/certs" "$root/tmp"
{ echo "$python" && find "$root" -name '*.so*' -type f; } | while read -r file; do ldd "$file" 2>/dev/null || :; done |
	grep -o '/[^ ]*' | grep -v "^$root" | sort -u | while read -r file; do
	mkdir -p "$root$(dirname "$file")"
	cp -L "$file" "$root$file"
	package=$(owner_of "$file")
	# In an image without a package manager, scanners look in this folder. The SBOM is made from it
	# as well.
	if [ -n "$package" ]; then
		dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
		copyright=/usr/share/doc/$package/copyright
		[ ! -f "$copyright" ] || { mkdir -p "$root/usr/share/doc/$package" && cp -L "$copyright" "$root$copyright"; }
	fi
done

# getaddrinfo reads the first file. The root certificates are for TLS to brokers and token servers.
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'fireworks:x:1000:1000::/app:/nonexistent' >"$root/etc/passwd"
echo 'fireworks:x:1000:' >"$root/etc/group"
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
