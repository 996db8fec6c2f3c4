# shellcheck shell=sh disable=SC2034,SC2154
# Checks that there is a Java for Kafka, before minutes of downloads. `up` checks again by the same
# rule. Sourced by bootstrap.sh.

JAVA_VERSION_MIN=17

# java_candidates: prints one file per line: JAVA_HOME's Java, then every one in PATH.
java_candidates() {
	[ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME/bin/java"
	printf '%s\n' "$PATH" | tr : '\n' | sed '/^$/d; s|$|/java|'
}

# java_siblings: prints the Javas that are installed next to the unsuitable ones, because many
# machines have several in /usr/lib/jvm. Skips a folder that every user can write to: next to
# /tmp/x/bin/java there can be any program.
# shellcheck disable=SC2012 # the mode of one folder
java_siblings() {
	printf '%s\n' "$seen" | while read -r file; do
		[ -n "$file" ] || continue
		real=$(readlink -f "$file" 2>/dev/null) || real=$file
		homes=$(dirname "$(dirname "$(dirname "$real")")")
		inner=bin
		# macOS: .../JavaVirtualMachines/temurin-21.jdk/Contents/Home/bin/java
		case $real in
		*/Contents/Home/bin/java)
			homes=$(dirname "$(dirname "$homes")")
			inner=Contents/Home/bin
			;;
		esac
		case $(LC_ALL=C ls -nd "$homes") in ????????w*) continue ;; esac
		for sibling in "$homes"/*/"$inner"/java; do echo "$sibling"; done
	done | head -n 30
}

# good_java: reads files, one per line. Returns 0 at the first one that runs and is new enough.
good_java() {
	while read -r file; do
		[ -f "$file" ] && [ -x "$file" ] || continue
		case "
$seen
" in *"
$file
"*) continue ;; esac
		seen="$seen
$file"
		code=0
		printed=$(bounded 20 "$file" -version 2>&1 </dev/null) || code=$?
		version=$(printf '%s\n' "$printed" | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
		major=$(printf '%s' "${version#1.}" | sed 's/[^0-9].*//')
		if [ "$code" -eq 0 ] && [ -n "$major" ]; then
			[ "$major" -lt "$JAVA_VERSION_MIN" ] || return 0
			too_old="$too_old${too_old:+, }$file is $version"
		else
			broken=${broken:-"$file does not run: $(java_complaint)"}
		fi
	done
	return 1
}

# need_java: ends with the reason if no Java on this machine is JAVA_VERSION_MIN or later.
need_java() {
	seen=
	too_old=
	broken=
	for look in java_candidates java_siblings; do
		# Not a pipe, because the variables set in it would be lost.
		if good_java <<-END; then return 0; fi
			$($look)
		END
	done
	if [ -n "$broken" ]; then
		what="$broken${too_old:+; $too_old}"
	elif [ -n "$too_old" ]; then
		what=$too_old
	else
		fail "There is no Java, and Kafka needs one ($JAVA_VERSION_MIN or later)." "$(java_advice)" "$DOCKER_INSTEAD"
	fi
	fail "Kafka needs Java $JAVA_VERSION_MIN or later, and $what." "$(java_advice)" "$DOCKER_INSTEAD"
}

# java_complaint: Java's output, without its note about variables that it picked up.
java_complaint() {
	said=$(printf '%s\n' "$printed" | grep -v '^Picked up' | sed '/^$/d' | head -n 2 | tr '\n' ' ')
	if [ -n "$said" ]; then printf %s "${said% }"; else echo "it ends with code $code and says nothing"; fi
}

java_advice() {
	for name in JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS; do
		eval "value=\${$name:-}"
		if [ -n "$broken" ] && [ -n "$value" ]; then
			echo "  What to do: every Java here gets $name=$value: unset or repair that variable."
			return
		fi
	done
	echo "  What to do: \`apt install openjdk-17-jre-headless\`, \`dnf install java-21-openjdk-headless\`, \`brew install openjdk\`, and put it first in PATH or set JAVA_HOME."
}
