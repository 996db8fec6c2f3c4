#!/bin/sh
# Builds the root file system of the final images: node, the shared libraries that it loads, and
# nothing else. Run it in the node image of the target platform (Debian):
# `sh runtime-root.sh FOLDER`
set -eu
root=$1
node=$(command -v node)
mkdir -p "$root/usr/local/bin" "$root/etc" "$root/var/lib/dpkg/status.d"
cp -L "$node" "$root/usr/local/bin/node"

# owner_of FILE: prints the Debian package of a file, or nothing if dpkg does not know it. With a
# merged /usr a file has two paths, so it looks for both.
owner_of() {
	for path in "$1" "/usr$1" "$(readlink -f "$1")"; do
		dpkg-query --search "$path" 2>/dev/null | cut -d: -f1 | head -n 1 | grep . && return 0
	done
	return 0
}

# ldd lists the libraries and the loader. They keep their paths, because programs look for them
# there.
ldd "$node" | grep -o '/[^ ]*' | sort -u | while read -r library; do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
	package=$(owner_of "$library")
	# In an image without a package manager, scanners look in this folder. The SBOM is made from it
	# as well.
	if [ -n "$package" ]; then
		dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
		copyright=/usr/share/doc/$package/copyright
		[ ! -f "$copyright" ] || { mkdir -p "$root/usr/share/doc/$package" && cp -L "$copyright" "$root$copyright"; }
	fi
done
[ ! -f /usr/local/LICENSE ] || { mkdir -p "$root/usr/share/doc/node" && cp /usr/local/LICENSE "$root/usr/share/doc/node/copyright"; }

# getaddrinfo and os.userInfo read these files. The root certificates for TLS are inside node.
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'fireworks:x:1000:1000::/app:/nonexistent' >"$root/etc/passwd"
echo 'fireworks:x:1000:' >"$root/etc/group"
