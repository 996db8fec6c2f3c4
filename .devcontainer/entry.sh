#!/bin/sh
# First process of the devcontainer, as root: what is only known when it starts. Then it becomes the command that it was given.
#
# - The user `node` gets the uid and gid of the workspace's owner (FIREWORKS_OWNER=uid:gid, from bootstrap.sh; VS Code does this itself), so
#   that files made here belong to that person on the host.
# - The Docker socket belongs to a group whose number differs from host to host: `node` joins it.
# - kubectl's own file names kind's context, so that no command ever falls through to the current context of the host's kubeconfig.
set -eu

rm -f /run/fireworks-entered

user=node
socket=/var/run/docker.sock

adopt_owner() {
	uid=${FIREWORKS_OWNER%%:*}
	gid=${FIREWORKS_OWNER##*:}
	# root's own files need no other user: bootstrap.sh then runs its words as root.
	[ "$uid" != 0 ] || return 0
	[ "$(id -g $user)" = "$gid" ] || groupmod --non-unique --gid "$gid" "$(id -gn $user)"
	[ "$(id -u $user)" = "$uid" ] || usermod --non-unique --uid "$uid" --gid "$gid" $user
	chown "$uid:$gid" /home/$user
	[ "$(stat -c %u /cache)" = "$uid" ] || chown -R "$uid:$gid" /cache
}

join_socket_group() {
	gid=$(stat -c %g $socket)
	group=$(getent group "$gid" | cut -d: -f1)
	if [ -z "$group" ]; then
		group=docker-host
		groupadd --gid "$gid" $group
	fi
	usermod --append --groups "$group" $user
}

as_user() { runuser --user $user -- "$@"; }

own_kubeconfig() {
	file=/home/$user/.kube/config
	mkdir -p /home/$user/.kube
	[ -e $file ] || printf 'apiVersion: v1\nkind: Config\ncurrent-context: kind-%s\n' "${FIREWORKS_KIND_CLUSTER:-fireworks}" >$file
	chmod 600 $file
	# The host's file by a link, and only where it can be read: kubectl stops at a file that it may not read, and passes over one that is not there.
	rm -f /home/$user/.kube/host
	if as_user test -x /host-kube && { [ ! -e /host-kube/config ] || as_user test -r /host-kube/config; }; then
		ln -s /host-kube/config /home/$user/.kube/host
	fi
	chown -hR "$(id -u $user):$(id -g $user)" /home/$user/.kube
}

[ -z "${FIREWORKS_OWNER:-}" ] || adopt_owner
[ ! -S $socket ] || join_socket_group
own_kubeconfig
# bootstrap.sh waits for it: whoever enters earlier would not have the groups.
: >/run/fireworks-entered

exec "$@"
