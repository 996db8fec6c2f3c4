# shellcheck shell=sh disable=SC2034
# Sets the Java and the locale of the Spark engine's programs. run.sh and build.sh source it.
#
# The fireworks CLI sets JAVA_HOME to the Java that it has checked, so that all parts use the same
# one. Without JAVA_HOME the `java` of PATH is used.

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
	java=$JAVA_HOME/bin/java
	export PATH="$JAVA_HOME/bin:$PATH"
else
	java=java
	unset JAVA_HOME
fi

# A JVM takes the encoding of file names from its locale. With the locale C it cannot run in a
# folder with letters beyond ASCII. The language is always English: in Turkish "I".toLowerCase() is
# another letter, and in Arabic a formatted number has digits that no parser reads.
case ${LC_ALL:-} in
C.UTF-8 | en_US.UTF-8) ;;
*) if [ "$(uname)" = Darwin ]; then export LC_ALL=en_US.UTF-8; else export LC_ALL=C.UTF-8; fi ;;
esac
locale_flags='-Duser.language=en -Duser.country=US -Duser.script= -Duser.variant= -Duser.language.format=en'

# override FLAGS: every Java reads _JAVA_OPTIONS last, so the required flags are added at its end.
override() {
	[ -z "${_JAVA_OPTIONS:-}" ] || export _JAVA_OPTIONS="$_JAVA_OPTIONS $locale_flags $*"
}
