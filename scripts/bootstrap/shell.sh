# shellcheck shell=sh disable=SC2034,SC2154
# `sh bootstrap.sh shell`: a shell with the Node and the pnpm of this project, its packages and the
# `fireworks` CLI in PATH. Sourced by bootstrap.sh.

# open_shell_here [OPTIONS] [-- COMMAND...]: runs the command, or an interactive shell. Without a
# terminal, the shell reads commands from standard input.
open_shell_here() {
	while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
	[ $# -eq 0 ] || shift
	PATH=$root/scripts/bin:$root/node_modules/.bin:$PATH
	export PATH
	if [ $# -gt 0 ]; then exec "$@" 3>&-; fi
	if ! [ -t 0 ]; then
		echo "There is no terminal: this shell runs the commands of standard input. For one command: \`sh bootstrap.sh shell -- COMMAND\`" >&2
		exec sh 3>&-
	fi
	echo "This shell has Node $(node --version), pnpm $pnpm_version and the \`fireworks\` CLI. \`exit\` leaves it."
	exec "${SHELL:-sh}" 3>&-
}
