import { expect, test } from "vitest";
import { judgeDocker, refused } from "../../src/preflight/docker.ts";
import { judgeInotify } from "../../src/preflight/inotify.ts";
import {
	checkTool,
	HELM,
	judgeVersion,
	KIND,
	KUBECTL,
} from "../../src/preflight/tools.ts";

test.each([
	[
		"permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
		/usermod -aG docker/,
	],
	[
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
		/Start it/,
	],
	["error during connect: no route to host", /docker info/],
])("Docker says %j: the fix says what to do", (said, fix) => {
	expect(refused(said)).toMatchObject({ level: "problem" });
	expect(refused(said).fix).toMatch(fix);
});

test("Docker that answers: its version and store; too little memory and vfs are warnings", () => {
	const info = {
		ServerVersion: "28.2.2",
		OperatingSystem: "Debian",
		Driver: "overlayfs",
		DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] as [
			string,
			string,
		][],
		MemTotal: 8e9,
	};
	expect(judgeDocker(info)).toEqual([
		expect.objectContaining({
			level: "ok",
			message: "28.2.2, Debian, overlayfs of containerd",
		}),
	]);
	const poor = { ...info, Driver: "vfs", DriverStatus: [], MemTotal: 2e9 };
	expect(judgeDocker(poor).map((f) => f.level)).toEqual([
		"ok",
		"warning",
		"warning",
	]);
});

test("inotify limits that do for one node need not do for three", () => {
	expect(judgeInotify("max_user_instances", 128, 1).level).toBe("ok");
	expect(judgeInotify("max_user_instances", 128, 3)).toMatchObject({
		level: "warning",
		fix: "sudo sysctl fs.inotify.max_user_instances=512",
	});
});

test.each([
	[KIND, "kind v0.30.0 go1.24.6 linux/amd64", "ok"],
	[KIND, "kind v0.17.0 go1.19 linux/amd64", "problem"],
	[HELM, "v3.19.5+g4a19a5b", "ok"],
	[HELM, "v4.0.1+g12345", "ok"],
	[HELM, "v2.17.0", "problem"],
	[KUBECTL, "Client Version: v1.34.4\nKustomize Version: v5.7.1", "ok"],
	[KUBECTL, "Client Version: v1.20.0", "warning"],
	[KIND, "what?", "problem"],
] as const)("%o prints %j: %s", (tool, printed, level) => {
	expect(judgeVersion(tool, printed).level).toBe(level);
});

test("a tool that is not there: a problem with its fix, or a warning where it is not needed", async () => {
	const absent = { ...KIND, name: "no-such-tool" };
	expect(await checkTool(absent)).toMatchObject({ level: "problem" });
	expect(await checkTool({ ...absent, optional: true })).toMatchObject({
		level: "warning",
	});
});
