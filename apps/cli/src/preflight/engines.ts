/**
 * Checks that the chosen engines can run here: their tools, and the folders that they can use.
 * java.ts checks the Java that they need.
 */
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { variableOf } from "@fireworks/contracts";
import { cacheRootOf } from "../local/supervisor/parts.ts";
import { ROOT, type StateFolder } from "../project.ts";
import type { AllSettings } from "../settings.ts";
import { type Finding, ok, problem } from "./finding.ts";

type Settings = Pick<
	AllSettings,
	"engine" | "compareEngine" | "cacheDir" | "sparkCheckpointDir"
>;

const PYTHONS = ["python3", "python3.14", "python3.13", "python3.12"].concat(
	"python3.11",
);
const INSTALL_PYTHON =
	"`apt install python3-venv`, `dnf install python3` or `brew install python`";

/** root: of the clone. */
export function checkEngines(
	settings: Settings,
	folder: Pick<StateFolder, "spark">,
	env: NodeJS.ProcessEnv = process.env,
	root: string = ROOT,
): Finding[] {
	return [settings.engine, settings.compareEngine].flatMap((engine) => {
		if (engine !== "python" && engine !== "spark") return [];
		const check = `${engine} engine`;
		const cache = cacheRootOf(settings);
		const found = [
			...splitPaths(check, engine, { cache, root }),
			...(engine === "spark" ? sparkFolder(check, settings, folder) : []),
			...missingTools(check, engine, root, env),
		];
		return found.length > 0 ? found : [ok(check, "its tools are there")];
	});
}

/**
 * Neither a virtual environment of Python nor Spark's class path can have a colon in its folder's
 * name.
 */
function splitPaths(
	check: string,
	engine: string,
	paths: { cache: string; root: string },
): Finding[] {
	const found: Finding[] = [];
	if (paths.cache.includes(":"))
		found.push(
			problem(
				check,
				`it cannot run from a cache with a colon in its path: ${paths.cache}`,
				`Set ${variableOf("cacheDir")} to another folder`,
			),
		);
	if (engine === "spark" && paths.root.includes(":"))
		found.push(
			problem(
				check,
				`it cannot run from a path with a colon: ${paths.root}`,
				"Move the clone to another folder",
			),
		);
	return found;
}

function sparkFolder(
	check: string,
	settings: Settings,
	folder: Pick<StateFolder, "spark">,
): Finding[] {
	const set = settings.sparkCheckpointDir || folder.spark;
	if (!set.includes(",")) return [];
	return [
		problem(
			check,
			`Spark takes a comma for the end of a folder's name: ${set}`,
			`Set ${variableOf("sparkCheckpointDir")} to a folder without a comma in its path`,
		),
	];
}

function missingTools(
	check: string,
	engine: "python" | "spark",
	root: string,
	env: NodeJS.ProcessEnv,
): Finding[] {
	const found: Finding[] = [];
	const pythons = [...(env.PYTHON ? [env.PYTHON] : []), ...PYTHONS];
	if (!pythons.some((name) => onPath(name, env)))
		found.push(
			problem(
				check,
				"it needs Python 3.11 or later with venv, which is not in PATH",
				`Install it: ${INSTALL_PYTHON}`,
			),
		);
	const built = existsSync(join(root, "engines/spark/target/lib"));
	if (engine === "spark" && !built && !onPath("mvn", env))
		found.push(
			problem(
				check,
				"it is not built yet, and Maven (`mvn`) is not in PATH",
				"Install it: `apt install maven`, `dnf install maven` or `brew install maven`",
			),
		);
	return found;
}

const onPath = (name: string, env: NodeJS.ProcessEnv): boolean =>
	(name.includes("/") ? [name] : (env.PATH ?? "").split(delimiter))
		.map((dir) => (name.includes("/") ? dir : join(dir, name)))
		.some((path) => {
			try {
				accessSync(path, constants.X_OK);
				return true;
			} catch {
				return false;
			}
		});
