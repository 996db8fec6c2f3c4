/**
 * The chart's Kafka container as a node would run it: the image with its declared volumes, a
 * read-only root, the platform's user, and a new container on the same claim.
 */
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { one, type Rendered, render, set } from "../charts/harness/chart.ts";
import { waitFor } from "../harness/wait-for.ts";
import { docker } from "./harness/image-files.ts";

const POD = "fireworks-kafka-0";
const DOMAIN = "fireworks-kafka-headless.fireworks.svc.cluster.local";
const START_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), "fireworks-kafka-"));
const running = new Set<string>();
afterAll(async () => {
	if (running.size > 0) await docker("rm", "--force", ...running);
	rmSync(folder, { recursive: true, force: true });
});

/** The rendered pod of a platform, and the Docker options for its container's mounts. */
function podOf(platform: string, claim: string) {
	const objects = render(...set({ platform }));
	const pod = one(objects, "StatefulSet", "fireworks-kafka").spec.template.spec;
	const config = join(folder, `config-${platform}`);
	mkdirSync(config, { recursive: true });
	const { data } = one(objects, "ConfigMap", "fireworks-kafka");
	for (const [name, text] of Object.entries(data))
		writeFileSync(join(config, name), text as string);
	chmodSync(config, 0o755);
	const [container] = pod.containers;
	const mounts = container.volumeMounts.map((mount: Rendered) => {
		if (mount.name === "config")
			return `--volume=${config}:${mount.mountPath}:ro`;
		if (mount.name !== "data") return `--tmpfs=${mount.mountPath}:exec`;
		// The kubelet creates the folder of a subPath like this: with the mode of the volume.
		const data = join(claim, mount.subPath);
		mkdirSync(data, { recursive: true });
		chmodSync(data, 0o2777);
		return `--volume=${data}:${mount.mountPath}`;
	});
	return { container, mounts, runAs: pod.securityContext.runAsUser };
}

async function start(
	{ container, mounts }: ReturnType<typeof podOf>,
	user: string,
): Promise<string> {
	const [program, ...args] = container.command;
	const env = container.env.map(({ name, value }: Rendered) =>
		name === "POD_NAME" ? `--env=${name}=${POD}` : `--env=${name}=${value}`,
	);
	const started = await docker(
		"run",
		"--detach",
		"--read-only",
		"--cap-drop=ALL",
		"--security-opt=no-new-privileges",
		"--network=none",
		`--add-host=${POD}.${DOMAIN}:127.0.0.1`,
		`--user=${user}`,
		...mounts,
		...env,
		`--entrypoint=${program}`,
		process.env.FIREWORKS_KAFKA_IMAGE || container.image,
		...args,
	);
	expect(started.code, started.out).toBe(0);
	const id = started.out.trim();
	running.add(id);
	const ready = container.readinessProbe.exec.command;
	await waitFor(
		"the broker to answer",
		async () =>
			(await docker("exec", id, ...ready)).code === 0 ? true : undefined,
		START_MS,
	).catch(async (error) => {
		throw new Error(`${error}\n${(await docker("logs", "--tail=30", id)).out}`);
	});
	return id;
}

async function remove(id: string): Promise<void> {
	await docker("rm", "--force", "--volumes", id);
	running.delete(id);
}

const topics = (id: string, ...args: string[]) =>
	docker(
		"exec",
		"--env=KAFKA_HEAP_OPTS=-Xmx128m",
		"--env=KAFKA_LOG4J_OPTS=",
		id,
		"/opt/kafka/bin/kafka-topics.sh",
		`--bootstrap-server=${POD}.${DOMAIN}:9092`,
		...args,
	);

describe.each([
	["kubernetes", "1000:1000"],
	["openshift", "1000650000:0"],
])("on %s, as %s", (platform, user) => {
	test("the broker starts, and a new container finds the data in the claim", async () => {
		const claim = join(folder, `claim-${platform}`);
		const pod = podOf(platform, claim);
		if (pod.runAs !== undefined) expect(user).toMatch(`${pod.runAs}:`);
		const first = await start(pod, user);
		const made = await topics(first, "--create", "--topic=kept");
		expect(made.code, made.out).toBe(0);
		await remove(first);
		expect(existsSync(join(claim, "data", "meta.properties"))).toBe(true);
		const second = await start(pod, user);
		expect((await topics(second, "--list")).out).toContain("kept");
		await remove(second);
	});
});
