/** Whether the Python engine can run here, and why not. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(
	new URL("../../engines/python/venv.sh", import.meta.url),
);

/** The reason where there is no Python for it, by the same search as the script's; undefined where there is one. */
export const withoutPython: string | undefined = (() => {
	const names = ["python3", "python3.14", "python3.13", "python3.12"];
	const check =
		"import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
	const found = [process.env.PYTHON, ...names, "python3.11"].some(
		(name) => name && spawnSync(name, ["-c", check]).status === 0,
	);
	return found
		? undefined
		: `(skipped: there is no Python 3.11 or later with venv, which ${SCRIPT} needs)`;
})();
