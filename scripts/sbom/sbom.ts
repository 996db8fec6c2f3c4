/**
 * An image's bill of materials, as CycloneDX 1.6 JSON, from what is really in the image: Debian's libraries by the records that
 * docker/runtime-root.sh leaves for scanners, npm's packages by what the bundler says it took, Node's own libraries by what that binary says.
 */
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { ImageError } from "../../apps/cli/src/images/docker.ts";
import { type Contents, contentsOf } from "./contents.ts";

const { Component, Bom, NamedLicense, Metadata } = Models;

export async function sbomOf(name: string, ref: string): Promise<string> {
	const contents = await contentsOf(ref);
	const { debian, npm, node, image } = contents;
	if (debian.length + npm.length === 0)
		throw new ImageError(`${ref}: nothing in it says what it is made of`);
	const whole = new Component(
		Enums.ComponentType.Container,
		`fireworks/${name}`,
		{
			bomRef: "image",
			version: image.version,
			purl: `pkg:oci/${name}@${encodeURIComponent(image.id)}`,
		},
	);
	const parts = [
		...debian.map(debianComponent),
		...npm.map(npmComponent),
		...(node ? [nodeComponent(node)] : []),
	];
	for (const part of parts) whole.dependencies.add(part.bomRef);
	const bom = new Bom({ metadata: new Metadata({ component: whole }) });
	for (const part of parts) bom.components.add(part);
	const serializer = new Serialize.JsonSerializer(
		new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
	);
	// Sorted, and without time or serial number: the same image gives the same file.
	return `${serializer.serialize(bom, { sortLists: true, space: "\t" })}\n`;
}

type Part<K extends "debian" | "npm"> = Contents[K][number];

function debianComponent({ name, version, architecture }: Part<"debian">) {
	return new Component(Enums.ComponentType.Library, name, {
		bomRef: `deb:${name}`,
		version,
		purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`,
	});
}

function npmComponent({ name, version, license }: Part<"npm">) {
	const component = new Component(Enums.ComponentType.Library, name, {
		bomRef: `npm:${name}@${version}`,
		version,
		purl: `pkg:npm/${name.replace(/^@/, "%40")}@${version}`,
	});
	if (license !== "") component.licenses.add(new NamedLicense(license));
	return component;
}

/** process.versions: node, and what is linked into it. */
function nodeComponent({ node = "", ...linked }: Record<string, string>) {
	const component = new Component(Enums.ComponentType.Platform, "node", {
		bomRef: "node",
		version: node,
		purl: `pkg:generic/node@${node}`,
		cpe: `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`,
	});
	for (const [name, version] of Object.entries(linked)) {
		if (name === "modules" || name === "napi") continue;
		const library = new Component(Enums.ComponentType.Library, name, {
			bomRef: `node:${name}`,
			version,
			purl: `pkg:generic/${name}@${encodeURIComponent(version)}`,
		});
		component.components.add(library);
	}
	return component;
}
