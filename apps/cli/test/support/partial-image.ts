/**
 * An image archive as `docker save` writes it with the containerd image store: its index names two
 * platforms, but the archive lacks the contents of one of them.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";

interface Descriptor {
	mediaType: string;
	digest: string;
	size: number;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const sha256 = (data: Buffer | string) =>
	createHash("sha256").update(data).digest("hex");

/** ref: its full name, such as docker.io/fireworks/partial:1. Returns the archive's path. */
export function partialImage(folder: string, ref: string): string {
	const layout = join(folder, "layout");
	const blobs = join(layout, "blobs/sha256");
	mkdirSync(blobs, { recursive: true });
	const blob = (mediaType: string, data: Buffer | string): Descriptor => {
		const hex = sha256(data);
		writeFileSync(join(blobs, hex), data);
		return { mediaType, digest: `sha256:${hex}`, size: data.length };
	};
	const json = (mediaType: string, value: unknown) =>
		blob(mediaType, JSON.stringify(value));

	writeFileSync(join(folder, "hello"), "hello\n");
	const layer = execFileSync("tar", ["-C", folder, "-c", "hello"]);
	const here = arch() === "x64" ? "amd64" : "arm64";
	const elsewhere = here === "amd64" ? "arm64" : "amd64";
	const config = json("application/vnd.oci.image.config.v1+json", {
		architecture: here,
		os: "linux",
		config: { Cmd: ["/hello"] },
		rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
	});
	const manifest = json(MANIFEST, {
		schemaVersion: 2,
		mediaType: MANIFEST,
		config,
		layers: [blob("application/vnd.oci.image.layer.v1.tar", layer)],
	});
	const index = json(INDEX, {
		schemaVersion: 2,
		mediaType: INDEX,
		manifests: [
			{ ...manifest, platform: { os: "linux", architecture: here } },
			{
				mediaType: MANIFEST,
				digest: `sha256:${sha256(elsewhere)}`,
				size: 500,
				platform: { os: "linux", architecture: elsewhere },
			},
		],
	});
	writeFileSync(
		join(layout, "oci-layout"),
		JSON.stringify({ imageLayoutVersion: "1.0.0" }),
	);
	const tag = ref.slice(ref.lastIndexOf(":") + 1);
	writeFileSync(
		join(layout, "index.json"),
		JSON.stringify({
			schemaVersion: 2,
			mediaType: INDEX,
			manifests: [
				{
					...index,
					annotations: {
						"io.containerd.image.name": ref,
						"org.opencontainers.image.ref.name": tag,
					},
				},
			],
		}),
	);
	const archive = join(folder, "partial.tar");
	execFileSync("tar", ["-C", layout, "-cf", archive, "."]);
	return archive;
}
