#!/bin/sh
# The first process of the devcontainer. It runs as root, sets up what is only known when the
# container starts, and then runs the command in its arguments:
#
# - The user `node` gets the uid and gid of the workspace's owner (FIREWORKS_OWNER=uid:gid, from
#   bootstrap.sh; VS Code does this itself). So files that are created here belong to that owner on
#   the host.
# - `node` joins the group of the Docker socket, whose number differs from host to host.
# - kubectl's own file names kind's context as the current one. Otherwise a command would use the
#   current context of the host's kubeconfig.
set -eu

rm -f /run/fireworks-entered /run/fireworks-ready

user=node
socket=/var/run/docker.sock

adopt_owner() {
	uid=${FIREWORKS_OWNER%%:*}
	gid=${FIREWORKS_OWNER##*:}
	# If the clone belongs to root, no other user is needed: bootstrap.sh then runs its commands as
	# root.
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
	# Link the host's file only if it can be read: kubectl skips a missing file, but fails at one
	# that it cannot read.
	rm -f /home/$user/.kube/host
	if as_user test -x /host-kube && { [ ! -e /host-kube/config ] || as_user test -r /host-kube/config; }; then
		ln -s /host-kube/config /home/$user/.kube/host
	fi
	# The file that `up` writes is linked too, because a clone's path may contain a colon, which
	# separates the files in KUBECONFIG.
	[ -z "${KIND_KUBECONFIG:-}" ] || ln -sfn "$KIND_KUBECONFIG" /home/$user/.kube/kind
	chown -hR "$(id -u $user):$(id -g $user)" /home/$user/.kube
}

[ -z "${FIREWORKS_OWNER:-}" ] || adopt_owner
[ ! -S $socket ] || join_socket_group
own_kubeconfig
# bootstrap.sh waits for this file: a process that enters the container earlier would not have the
# groups.
: >/run/fireworks-entered

exec "$@"
