/**
 * Names and addresses of a kind cluster inside the devcontainer, with one node and with three. The
 * tests cover the time before, during and after the cluster exists, restarts, a killed resolver,
 * and clusters that disappear and return at other addresses. CoreDNS is also the service under
 * test, because its metrics and health are HTTP. Every test first creates the cluster that it
 * needs, unless it exists, and joins it.
 */
import { freePort } from "@fireworks/local-kafka";
import {
	afterAll,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { must, run } from "./harness/command.ts";
import { ClusterSite } from "./harness/site.ts";

const CLUSTER = "fw-names";
const NODE_PORT = 30_300;
const BY_NAME = "http://kube-dns.kube-system.svc.cluster.local:9153/metrics";
/** An external name: any that the machine's own resolver knows. */
const OUTSIDE = ["registry.npmjs.org", "deb.debian.org", "localhost"];

let site: ClusterSite;
let container: string;
let outside: string;
let untouched: string;
let hostPort: number;

/** Standard output of a command in the devcontainer, as root. Throws if the command fails. */
const inside = async (command: string): Promise<string> => {
	const { code, stdout, output } = await site.inside(command, 300_000);
	if (code !== 0) throw new Error(`${command} ended with ${code}: ${output}`);
	return stdout.trim();
};
const network = (words: string) =>
	inside(`sh .devcontainer/network.sh ${words}`);
const kubectl = (words: string) =>
	inside(`kubectl --kubeconfig /tmp/names.kubeconfig ${words}`);
const resolves = async (name: string): Promise<boolean> =>
	(await site.inside(`getent ahostsv4 ${name}`)).code === 0;
/**
 * Everything that network.sh leaves in the container. (Docker renumbers interfaces at each start.)
 */
const traces = async (): Promise<string> =>
	[
		await inside(
			"cat /etc/resolv.conf; ip -4 route | sed 's/ eth[0-9]*/ eth/' | sort",
		),
		(await site.inside("pgrep -x 'dnsmasq|socat'")).stdout,
		await must("docker", [
			"inspect",
			"--format",
			"{{range $name, $at := .NetworkSettings.Networks}}{{$name}} {{$at.IPAddress}} {{end}}",
			container,
		]),
	].join("\n");
const rules = () =>
	must("docker", [
		"exec",
		`${CLUSTER}-control-plane`,
		"sh",
		"-c",
		"iptables -t nat -S | grep fireworks || true; sysctl net.ipv4.conf.eth0.send_redirects",
	]);

let nodesNow = 0;

/** Makes sure that a cluster with this many nodes exists and the container has joined it. */
async function joined(nodes: number): Promise<void> {
	if (nodesNow !== nodes) {
		await deleteCluster();
		await createCluster(nodes);
	}
	await network(`up ${CLUSTER}`);
}

async function createCluster(nodes: number): Promise<void> {
	const config = [
		"kind: Cluster",
		"apiVersion: kind.x-k8s.io/v1alpha4",
		"nodes:",
		"- role: control-plane",
		"  extraPortMappings:",
		`  - {containerPort: ${NODE_PORT}, hostPort: ${hostPort}, listenAddress: "127.0.0.1"}`,
		...Array.from({ length: nodes - 1 }, () => "- role: worker"),
	].join("\n");
	await inside(
		`printf '%s' '${config}' | kind create cluster --name ${CLUSTER} --config - --wait 180s --kubeconfig /tmp/unused 2>&1`,
	);
	await inside(
		`kind get kubeconfig --internal --name ${CLUSTER} > /tmp/names.kubeconfig`,
	);
	nodesNow = nodes;
}

async function deleteCluster(): Promise<void> {
	nodesNow = 0;
	await run("docker", [
		"exec",
		container,
		"kind",
		"delete",
		"cluster",
		"--name",
		CLUSTER,
		"--kubeconfig",
		"/tmp/unused",
	]);
}

beforeAll(async () => {
	site = await ClusterSite.clone(CLUSTER);
	const { code, output } = await site.bootstrap(["prepare"]);
	expect(code, output).toBe(0);
	container = await site.container();
	hostPort = await freePort();
	outside = await waitFor("an outside name", async () => {
		for (const name of OUTSIDE) if (await resolves(name)) return name;
		return undefined;
	});
	untouched = await traces();
});
afterAll(async () => {
	if (container !== undefined) await deleteCluster();
	await site?.remove();
});

test("without a cluster: up says so, and with --if-there does nothing", async () => {
	if (nodesNow > 0) {
		await network(`down ${CLUSTER}`);
		await deleteCluster();
	}
	const said = await site.inside(`sh .devcontainer/network.sh up ${CLUSTER}`);
	expect(said.code).toBe(1);
	expect(said.output).toContain("no running kind cluster named fw-names");
	await network(`up --if-there ${CLUSTER}`);
	expect(await traces()).toBe(untouched);
});

// The last cluster stays for the tests that follow.
describe.each([3, 1])("%i nodes", (nodes) => {
	beforeEach(() => joined(nodes));

	test("up: a service answers by its name, each pod by its address, on whichever node", async () => {
		// kind has created the nodes, but its deployments may come a moment later.
		await waitFor("CoreDNS to be deployed", () =>
			kubectl("--namespace kube-system scale deployment coredns --replicas 3"),
		);
		await kubectl("--namespace kube-system rollout restart deployment coredns");
		await kubectl(
			"--namespace kube-system rollout status deployment coredns --timeout 180s",
		);
		// Several times, because a service may lead to another pod each time.
		for (let i = 0; i < 10; i++)
			expect(await inside(`curl -fsS --max-time 10 ${BY_NAME}`)).toContain(
				"coredns_build_info",
			);
		// Pods from before the restart count as running until they have ended.
		const pods = await waitFor("the three new pods alone", async () => {
			const found = (
				await kubectl(
					`--namespace kube-system get pods -l k8s-app=kube-dns --field-selector status.phase=Running -o jsonpath='{range .items[*]}{.status.podIP} {.spec.nodeName}{"\\n"}{end}'`,
				)
			).split("\n");
			return found.length === 3 ? found : undefined;
		});
		expect(new Set(pods.map((pod) => pod.split(" ")[1])).size).toBeGreaterThan(
			nodes > 1 ? 1 : 0,
		);
		for (const pod of pods)
			for (let i = 0; i < 5; i++)
				expect(
					await inside(
						`curl -fsS --max-time 10 http://${pod.split(" ")[0]}:8080/health`,
					),
				).toBe("OK");
	});

	test("other names resolve meanwhile, and the way out is the same", async () => {
		expect(await resolves(outside)).toBe(true);
		const gateway = (text: string) => /^default .*/m.exec(text)?.[0];
		expect(gateway(await traces())).toBe(gateway(untouched));
	});

	test("up again changes nothing", async () => {
		const before = [await traces(), await rules()];
		await network(`up ${CLUSTER}`);
		expect([await traces(), await rules()]).toEqual(before);
		await network("status");
	});
});

describe("what happens to it", () => {
	beforeEach(() => joined(1));

	test("a port that kind publishes on the host is on the container's localhost too", async () => {
		await kubectl(
			`--namespace kube-system create service nodeport fw-names --tcp=9153 --node-port=${NODE_PORT}`,
		);
		await kubectl(
			`--namespace kube-system patch service fw-names -p '{"spec":{"selector":{"app":null,"k8s-app":"kube-dns"}}}'`,
		);
		await waitFor("both ends of the port", async () => {
			const page = await inside(
				`curl -fsS --max-time 5 http://localhost:${hostPort}/metrics`,
			);
			const host = await fetch(`http://localhost:${hostPort}/metrics`);
			return page.includes("coredns_build_info") && host.ok;
		});
	});

	test("a resolver that dies: other names resolve still, and up brings it back", async () => {
		await inside("pkill -KILL -x dnsmasq");
		expect(await resolves(outside)).toBe(true);
		expect((await site.inside("sh .devcontainer/network.sh status")).code).toBe(
			1,
		);
		await network(`up ${CLUSTER}`);
		expect(await resolves("kubernetes.default.svc.cluster.local")).toBe(true);
	});

	test("a container that was restarted has the names again with the next word", async () => {
		await must("docker", ["stop", "--time", "2", container]);
		expect((await site.bootstrap(["status"])).code).toBe(0);
		expect(await resolves("kubernetes.default.svc.cluster.local")).toBe(true);
		expect(await resolves(outside)).toBe(true);
	});

	test("a cluster that is gone: other names resolve; one created again at another address: up again", async () => {
		const address = () =>
			must("docker", [
				"inspect",
				"--format",
				"{{.NetworkSettings.Networks.kind.IPAddress}}",
				`${CLUSTER}-control-plane`,
			]);
		const old = await address();
		await deleteCluster();
		expect(await resolves(outside)).toBe(true);
		// Now another container has the address.
		const squatter = await must("docker", [
			"run",
			"--detach",
			"--rm",
			"--network",
			"kind",
			"--entrypoint",
			"sleep",
			(
				await must("docker", ["inspect", "--format", "{{.Image}}", container])
			).trim(),
			"600",
		]);
		try {
			await createCluster(1);
			expect(await address()).not.toBe(old);
			await network(`up ${CLUSTER}`);
			expect(await inside(`curl -fsS --max-time 20 ${BY_NAME}`)).toContain(
				"coredns_build_info",
			);
		} finally {
			await must("docker", ["rm", "--force", squatter.trim()]);
		}
	});

	test("down leaves nothing, here and on the control plane; again: nothing to do", async () => {
		await network(`down ${CLUSTER}`);
		expect(await traces()).toBe(untouched);
		expect(await rules()).toBe("net.ipv4.conf.eth0.send_redirects = 1\n");
		await network(`down ${CLUSTER}`);
		expect(await resolves(outside)).toBe(true);
		expect((await site.inside("sh .devcontainer/network.sh status")).code).toBe(
			1,
		);
	});
});
