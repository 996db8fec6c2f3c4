/** Checks that Docker answers, that we may use it, and that it has what kind needs. */
import { tryTool } from "../run-tool.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const TIMEOUT_MS = 20_000;
/** For kind's node, Kafka, and seven Node processes. */
const MEMORY_BYTES_MIN = 3_000_000_000;

export interface DockerInfo {
	ServerVersion?: string;
	Driver?: string;
	DriverStatus?: [string, string][];
	MemTotal?: number;
	NCPU?: number;
	OperatingSystem?: string;
	DockerRootDir?: string;
	ServerErrors?: string[];
	CgroupVersion?: string;
}

export interface DockerLook {
	findings: Finding[];
	/** Present if Docker answered. */
	info?: DockerInfo;
}

export async function checkDocker(): Promise<DockerLook> {
	const run = { timeoutMs: TIMEOUT_MS };
	let text: string;
	try {
		const args = ["info", "--format", "{{json .}}"];
		const { code, stdout, stderr, timedOut } = await tryTool(
			"docker",
			args,
			run,
		);
		text = stdout;
		const said = parsed(stdout)?.ServerErrors?.join(" ") ?? stderr;
		if (code !== 0 || said.trim() !== "")
			return { findings: [refused(timedOut ? "no answer" : said)] };
	} catch (error) {
		return {
			findings: [
				problem(
					"docker",
					(error as Error).message.split("\n")[0] ?? "",
					"Install Docker (https://docs.docker.com/get-docker/), or use `--target local`, which does without",
				),
			],
		};
	}
	const info = parsed(text) ?? {};
	return { findings: judgeDocker(info), info };
}

/** Why Docker did not answer. said: what docker printed. */
export function refused(said: string): Finding {
	if (/permission denied/i.test(said))
		return problem(
			"docker",
			"its engine runs, but your user may not use it",
			"Join its group (`sudo usermod -aG docker $USER`) and log in again",
		);
	if (/cannot connect|is the docker daemon running|no such file/i.test(said))
		return problem(
			"docker",
			"its engine does not run",
			"Start it: Docker Desktop, or `sudo systemctl start docker`",
		);
	return problem(
		"docker",
		`its engine does not answer: ${said.trim().split("\n").at(-1) ?? ""}`,
		"See `docker info`",
	);
}

export function judgeDocker(info: DockerInfo): Finding[] {
	const containerd = info.DriverStatus?.some(
		([, value]) => value === "io.containerd.snapshotter.v1",
	);
	const store = `${info.Driver}${containerd ? " of containerd" : ""}`;
	const findings = [
		ok("docker", `${info.ServerVersion}, ${info.OperatingSystem}, ${store}`),
	];
	const memory = info.MemTotal ?? 0;
	if (memory > 0 && memory < MEMORY_BYTES_MIN)
		findings.push(
			warning(
				"docker memory",
				`${(memory / 1e9).toFixed(1)} GB in all; a kind cluster with Fireworks takes about ${MEMORY_BYTES_MIN / 1e9} GB`,
				"Give Docker's virtual machine more (Docker Desktop: Settings, Resources)",
			),
		);
	if (info.Driver === "vfs")
		findings.push(
			warning(
				"docker storage",
				"the driver vfs copies every layer whole: slow, and it needs several times the disk",
				"Use overlay2, which needs a file system that it can overlay",
			),
		);
	return findings;
}

function parsed(text: string): DockerInfo | undefined {
	try {
		return JSON.parse(text) as DockerInfo;
	} catch {
		return undefined;
	}
}
