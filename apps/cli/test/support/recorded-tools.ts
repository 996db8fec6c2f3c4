/**
 * Fakes of docker, kind, helm and kubectl. They record how they were called, and answer only the
 * minimum.
 */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const SEPARATOR = "\x1f";

/** The answers, by arguments: only what the tested code reads. */
const SCRIPT = `#!/bin/sh
here=\${0%/*}
{ printf '%s' "\${0##*/}"; for word; do printf '\\037%s' "$word"; done; echo; } >>"$here/calls"
env | grep -i _proxy | LC_ALL=C sort >"$here/proxies"
case "\${0##*/} $*" in
'kind get nodes'*) printf 'fw-control-plane\\nfw-worker\\n' ;;
'kind get clusters'*) cat "$here/clusters" 2>/dev/null || : ;;
*'containerd config dump') echo "  snapshotter = 'overlayfs'" ;;
*' images import '*) cat >"$here/imported-$3" ;;
*' images list '*) [ ! -e "$here/imported-$2" ] || cat "$here/names" ;;
'docker image inspect --format'*) shift 4; for ref; do echo "sha256:$(printf %s "$ref" | sha256sum | cut -c1-64)"; done ;;
'docker image inspect '*) exit 1 ;;
'docker save '*) echo archive >"\${2#--output=}" ;;
'docker volume ls'*) cat "$here/volumes" 2>/dev/null || : ;;
'helm '*' --values -'*) cat >"$here/values" ;;
esac
`;

export class RecordedTools {
	readonly #folder: string;

	/** folder: an empty folder, which is put at the front of PATH. */
	constructor(folder: string) {
		this.#folder = folder;
		for (const tool of ["docker", "kind", "helm", "kubectl"]) {
			const file = join(folder, tool);
			writeFileSync(file, SCRIPT);
			chmodSync(file, 0o755);
		}
	}

	get path(): string {
		return `${this.#folder}${delimiter}${process.env.PATH}`;
	}

	/** Sets the content of a file that the script reads: clusters, names (of images), volumes. */
	answer(file: "clusters" | "names" | "volumes", lines: readonly string[]) {
		writeFileSync(
			join(this.#folder, file),
			lines.map((l) => `${l}\n`).join(""),
		);
	}

	/** All calls so far: the tool and its arguments. */
	calls(): string[][] {
		return this.#read("calls")
			.split("\n")
			.filter(Boolean)
			.map((line) => line.split(SEPARATOR));
	}

	/** The proxies in the environment of the last call. */
	proxies(): string[] {
		return this.#read("proxies").split("\n").filter(Boolean);
	}

	/** The values that helm got on its stdin. */
	values(): unknown {
		return JSON.parse(this.#read("values"));
	}

	#read(file: string): string {
		const path = join(this.#folder, file);
		return existsSync(path) ? readFileSync(path, "utf8") : "";
	}
}
