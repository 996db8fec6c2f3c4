/**
 * The image apache/kafka declares three VOLUMEs. Unlike Docker, containerd mounts a temporary
 * folder on every declared volume that the pod does not mount itself, even inside a folder that the
 * pod mounts. A claim at /var/lib/kafka would be hidden, and its data lost with the pod.
 */
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import {
	one,
	podsOf,
	render,
	SCENARIOS,
	set,
	withoutHelm,
} from "./harness/chart.ts";

/** VOLUME of docker/jvm/Dockerfile in the repository apache/kafka (docs/operate/base-images.md). */
const DECLARED = [
	"/etc/kafka/secrets",
	"/var/lib/kafka/data",
	"/mnt/shared/config",
];

interface Mount {
	name: string;
	mountPath: string;
	subPath?: string;
	readOnly?: boolean;
}
interface Container {
	image: string;
	volumeMounts?: Mount[];
}

const isParent = (folder: string, path: string) =>
	folder !== path && `${path}/`.startsWith(folder.replace(/\/*$/, "/"));

const withOwnKafka = Object.entries({
	...SCENARIOS,
	"three nodes": set({ "kafka.nodes": 3 }),
	"no claim": set({ "kafka.persistence.enabled": false }),
}).filter(([name]) => !name.startsWith("external"));

describe.skipIf(withoutHelm)(`kafka's volumes ${withoutHelm ?? ""}`, () => {
	test.each(withOwnKafka)(
		"%s: each declared volume is mounted exactly, and nothing above one",
		(_, args) => {
			const containers = podsOf(render(...args)).flatMap(
				({ spec }): Container[] =>
					[...(spec.initContainers ?? []), ...spec.containers].filter(
						({ image }: Container) => image.includes("kafka"),
					),
			);
			expect(containers.length).toBeGreaterThan(0);
			for (const { volumeMounts = [] } of containers) {
				const paths = volumeMounts.map((m) => posix.normalize(m.mountPath));
				for (const declared of DECLARED) {
					expect(paths.filter((path) => path === declared)).toHaveLength(1);
					expect(paths.filter((path) => isParent(path, declared))).toEqual([]);
				}
			}
		},
	);

	test("the data stays where the releases before kept it in the claim", () => {
		// Earlier versions mounted the claim's root at /var/lib/kafka, and wrote to
		// /var/lib/kafka/data.
		const inClaim = posix.relative("/var/lib/kafka", "/var/lib/kafka/data");
		const objects = render();
		const [container] = one(objects, "StatefulSet", "fireworks-kafka").spec
			.template.spec.containers;
		expect(
			container.volumeMounts.filter((m: Mount) => m.name === "data"),
		).toEqual([
			{ name: "data", mountPath: "/var/lib/kafka/data", subPath: inClaim },
		]);
		const config = one(objects, "ConfigMap", "fireworks-kafka").data;
		expect(config["server.properties"]).toContain(
			"log.dirs=/var/lib/kafka/data\n",
		);
		expect(config["start.sh"]).toContain("data=/var/lib/kafka/data\n");
	});

	test("every file that the configuration names is in the mounted ConfigMap", () => {
		const objects = render();
		const [container] = one(objects, "StatefulSet", "fireworks-kafka").spec
			.template.spec.containers;
		const data = one(objects, "ConfigMap", "fireworks-kafka").data;
		const at = container.volumeMounts.find(
			(m: Mount) => m.name === "config",
		).mountPath;
		const named = JSON.stringify([container, data["start.sh"]]).matchAll(
			/\/etc\/[\w./-]+\.(?:sh|properties)/g,
		);
		const files = [...named].map(([path]) => path);
		expect(files.length).toBeGreaterThan(3);
		for (const path of files) {
			expect(posix.dirname(path)).toBe(at);
			expect(Object.keys(data)).toContain(posix.basename(path));
		}
	});

	test("the unused volumes are small and not on the claim", () => {
		const { spec } = one(render(), "StatefulSet", "fireworks-kafka").spec
			.template;
		const volume = spec.volumes.find(
			(v: { name: string }) => v.name === "unused",
		);
		expect(volume.emptyDir.sizeLimit).toBe("1Mi");
	});
});
