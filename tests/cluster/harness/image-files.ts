/** Runs Docker for tests, and lists the files of an image. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Ended {
	code: number;
	out: string;
}

/** For `docker run`, docker's exit code is the container's. */
export const docker = (...args: string[]): Promise<Ended> =>
	new Promise((resolve) =>
		execFile(
			"docker",
			args,
			{ maxBuffer: 64e6, timeout: 300_000 },
			(error, stdout, stderr) =>
				resolve({
					code: error ? Number(error.code ?? -1) : 0,
					out: stdout + stderr,
				}),
		),
	);

interface ImageFile {
	path: string;
	bytes: number;
	/** Every user may read it, or enter it if it is a folder. */
	readable: boolean;
	/** Users other than root may write to it. */
	open: boolean;
}

/** The files of an image, except those that Docker itself puts into every container. */
export const filesOf = async (ref: string): Promise<ImageFile[]> =>
	(await entriesOf(ref)).filter(({ path }) => !path.endsWith("/"));

/** Its files and folders. The path of a folder ends with a slash. */
export async function entriesOf(ref: string): Promise<ImageFile[]> {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-image-"));
	const container = (await docker("create", ref)).out.trim();
	try {
		const archive = join(folder, "image.tar");
		await docker("export", `--output=${archive}`, container);
		const list = await new Promise<string>((resolve, reject) =>
			execFile(
				"tar",
				["--list", "--verbose", "--numeric-owner", `--file=${archive}`],
				{ maxBuffer: 64e6 },
				(error, stdout) => (error ? reject(error) : resolve(stdout)),
			),
		);
		return list
			.trim()
			.split("\n")
			.map((line) => {
				const [mode = "", , size, , , path = ""] = line.split(/\s+/);
				return { mode, bytes: Number(size), path };
			})
			.filter(
				({ path }) =>
					!/^(\.dockerenv|dev\/|proc\/|sys\/|etc\/(hosts|hostname|resolv\.conf|mtab)$)/.test(
						path,
					),
			)
			.map(({ mode, bytes, path }) => ({
				path,
				bytes,
				readable:
					mode.startsWith("l") ||
					(mode[7] === "r" && (mode[0] !== "d" || /[xt]/.test(mode[9] ?? ""))),
				open: !mode.startsWith("l") && mode[8] === "w",
			}));
	} finally {
		await docker("rm", "--force", container);
		rmSync(folder, { recursive: true, force: true });
	}
}
