/**
 * The cause of a failed devcontainer build, extracted from the output of BuildKit and of the old
 * builder.
 */
import { expect, test } from "vitest";
import { useClone } from "./harness/use-clone.ts";

const { stubs, clone } = useClone();

const URL =
	"https://download.docker.com/linux/static/stable/x86_64/docker-1.tgz";
const missing = `DOCKER_CLI cannot be fetched from ${URL}. A mirror: set FIREWORKS_DOCKER_CLI_URL (build argument DOCKER_CLI_URL) to its address.`;
const SOLVE =
	'ERROR: failed to solve: process "/bin/sh -c sh /opt/fireworks/install-tools.sh" did not complete successfully: exit code: 1\n';

test.each([
	[
		"a download, BuildKit",
		`#1 [internal] load metadata for docker.io/library/node:24-bookworm\n#9 12.3 DOCKER_CLI: ${URL}\n#9 15.1 curl: (6) Could not resolve host: download.docker.com\n#9 15.2 ${missing}\n------\n > [4/6] RUN sh:\n15.2 ${missing}\n------\n${SOLVE}`,
		[
			`DOCKER_CLI cannot be downloaded from ${URL} (curl: (6) Could not resolve host: download.docker.com).`,
			"FIREWORKS_DOCKER_CLI_URL=",
			"https_proxy",
		],
	],
	[
		"a download, the old builder",
		`Step 5/11 : RUN sh install-tools.sh\n ---> Running in 1\n\u001b[91m${missing}\n\u001b[0mThe command returned a non-zero code: 1\n`,
		[
			`DOCKER_CLI cannot be downloaded from ${URL}`,
			"FIREWORKS_DOCKER_CLI_URL=",
		],
	],
	[
		"another file than the public one",
		`#9 2.0 KIND from https://mirror/kind has the checksum 12ab, not 34cd.\n#9 2.0 If that file is the one you mean\n${SOLVE}`,
		[
			"KIND from https://mirror/kind has the checksum 12ab, not 34cd.",
			"FIREWORKS_KIND_SHA256",
		],
	],
	[
		"the base image",
		"ERROR: failed to solve: node:24-bookworm: failed to resolve source metadata for docker.io/library/node:24-bookworm: no route to host\n",
		[
			"The image node:24-bookworm cannot be pulled",
			"FIREWORKS_DEVCONTAINER_IMAGE=",
		],
	],
	[
		"Debian's packages",
		`#7 1.0 Err:1 http://deb.debian.org/debian bookworm InRelease\n#7 1.0   Temporary failure resolving 'deb.debian.org'\n${SOLVE}`,
		["Debian's packages cannot be downloaded", "https_proxy"],
	],
	[
		"npm's registry",
		`#9 30.0 npm error code ENOTFOUND\n#9 30.0 npm error network request to https://registry.npmjs.org/pnpm failed\n${SOLVE}`,
		["pnpm cannot be installed", "https://registry.npmjs.org"],
	],
	[
		"the disk",
		"write /x: no space left on device\n",
		["The disk is full", "docker builder prune"],
	],
])("%s", async (_, stderr, says) => {
	stubs().answer({ match: "^docker build ", code: 1, stderr });
	const ended = await clone().run(["prepare"], { path: [stubs().bin] });
	expect(ended.code).toBe(1);
	// At the end, where users look.
	const end = ended.stderr.trim().split("\n").slice(-4).join("\n");
	for (const text of [...says, "What to do"]) expect(end).toContain(text);
	expect(stubs().calls("docker", "run")).toEqual([]);
});
