# shellcheck shell=sh disable=SC2034,SC2154
# Handles the host's files that settings name: makes their paths absolute, and mounts those outside
# of the clone. Sourced by bootstrap.sh.

# absolute PATH: the path without links. A relative path starts at the current folder.
absolute() {
	case $1 in /*) path=$1 ;; *) path=$PWD/$1 ;; esac
	readlink -f -- "$path" 2>/dev/null || printf '%s\n' "$path"
}

# each_of SEPARATOR LIST: prints the items, one per line, without blanks around them.
each_of() { printf '%s\n' "$2" | tr "$1" '\n' | sed 's/^[[:blank:]]*//; s/[[:blank:]]*$//; /^$/d'; }

# name_files_absolutely: gives absolute paths to the settings that name files. They are valid in the
# container too.
name_files_absolutely() {
	while read -r name kind _; do
		eval "value=\${$name:-}"
		case $kind:$value in
		file:?*) export "$name=$(absolute "$value")" ;;
		files:?*)
			value=$(each_of , "$value" | while read -r one; do printf '%s,' "$(absolute "$one")"; done)
			export "$name=${value%,}"
			;;
		esac
	done <"$settings_list"
}

# named_files: prints one "SETTING<tab>PATH" per line. Call name_files_absolutely first.
named_files() {
	while read -r name kind _; do
		eval "value=\${$name:-}"
		case $kind:$value in
		file:?*) printf '%s\t%s\n' "$name" "$value" ;;
		files:?*) each_of , "$value" | while read -r one; do printf '%s\t%s\n' "$name" "$one"; done ;;
		esac
	done <"$settings_list"
}

# check_named_files COMMAND...: checks that the files exist, before anything is built. Exits with
# 78, the CLI's code for a wrong setting.
check_named_files() {
	missing=$(named_files | while IFS='	' read -r name file; do [ -r "$file" ] || printf '%s names %s, which is not there or cannot be read.\n' "$name" "$file"; done)
	if [ "$(target_of "$@")" = cluster ] && [ -n "${KUBECONFIG:-}" ] && [ -z "$(host_kubeconfigs)" ]; then
		missing="${missing:+$missing
}KUBECONFIG names $KUBECONFIG: no such file can be read."
	fi
	[ -n "$missing" ] || return 0
	printf '%s\n' "$missing" "  What to do: correct the path; a relative one starts at $PWD." >&2
	exit 78
}

# kubeconfig_files: prints one "PATH-HERE<tab>PATH-THERE" per line, for the readable files in
# KUBECONFIG.
kubeconfig_files() {
	number=0
	each_of : "${KUBECONFIG:-}" | while read -r one; do
		file=$(absolute "$one")
		[ -f "$file" ] && [ -r "$file" ] || continue
		number=$((number + 1))
		# The container has its own files in that folder.
		case $file in /home/node/*) there=/host-kube/$number/${file##*/} ;; *) there=$file ;; esac
		printf '%s\t%s\n' "$file" "$there"
	done
}

# host_kubeconfigs: prints the host's part of KUBECONFIG in the container.
host_kubeconfigs() {
	if [ -z "${KUBECONFIG:-}" ]; then
		echo /home/node/.kube/host
	else
		kubeconfig_files | cut -f 2 | paste -s -d : -
	fi
}

# host_mounts: prints one "PATH-HERE<tab>PATH-THERE" per line, each once. Files in the clone need no
# mount.
host_mounts() {
	{
		named_files | while IFS='	' read -r name file; do
			[ ! -e "$file" ] || printf '%s\t%s\n' "$file" "$file"
		done
		kubeconfig_files
	} | sort -u | while IFS='	' read -r from to; do
		case $from in
		"$root"/* | "$state_dir"/*) [ "$from" = "$to" ] || printf '%s\t%s\n' "$from" "$to" ;;
		*) printf '%s\t%s\n' "$from" "$to" ;;
		esac
	done
}
