/** Whether the Python engine can run here, and if not, why. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(
	new URL("../../engines/python/venv.sh", import.meta.url),
);

/**
 * Why no suitable Python was found, or undefined if there is one. The search is the same as in the
 * script.
 */
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
