/**
 * An image's bill of materials, as CycloneDX 1.6 JSON, from the image's real contents. Debian's
 * libraries come from the records that docker/runtime-root.sh leaves for scanners, npm's packages
 * from the bundler's report, Node's own libraries from its binary, PyPI's from their metadata, and
 * jars from their names.
 *
 * BuildKit can make SBOMs too (`docker buildx bake --sbom=true`), but not for these images: its
 * scanner looks for node_modules, and our services are bundles without it. It also works only with
 * the containerd image store or another builder than Docker's own, and pulls its scanner from
 * Docker Hub.
 */
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { type Contents, contentsOf } from "./contents.ts";

const { Component, Bom, NamedLicense, Metadata } = Models;

export async function sbomOf(name: string, ref: string): Promise<string> {
	const contents = await contentsOf(ref);
	const { debian, npm, node, python, jars, image } = contents;
	if (debian.length + npm.length + jars.length === 0)
		throw new Error(`${ref} contains no record of its packages`);
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
		...(python ? pythonComponents(python) : []),
		...jars.map(jarComponent),
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

type Part<K extends "debian" | "npm" | "jars"> = Contents[K][number];

function debianComponent({ name, version, architecture }: Part<"debian">) {
	return new Component(Enums.ComponentType.Library, name, {
		bomRef: `deb:${name}`,
		version,
		purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`,
	});
}

const npmComponent = (part: Part<"npm">) =>
	packageComponent(
		"npm",
		part,
		`pkg:npm/${part.name.replace(/^@/, "%40")}@${part.version}`,
	);

function packageComponent(
	registry: string,
	{ name, version, license }: Part<"npm">,
	purl: string,
) {
	const component = new Component(Enums.ComponentType.Library, name, {
		bomRef: `${registry}:${name}@${version}`,
		version,
		purl,
	});
	if (license !== "") component.licenses.add(new NamedLicense(license));
	return component;
}

/** The interpreter and its packages. */
const pythonComponents = ({
	version,
	packages,
}: NonNullable<Contents["python"]>) => [
	new Component(Enums.ComponentType.Platform, "python", {
		bomRef: "python",
		version,
		purl: `pkg:generic/python@${version}`,
		cpe: `cpe:2.3:a:python:python:${version}:*:*:*:*:*:*:*`,
	}),
	...packages.map((part) =>
		packageComponent(
			"pypi",
			part,
			`pkg:pypi/${part.name.toLowerCase().replace(/[-_.]+/g, "-")}@${part.version}`,
		),
	),
];

const jarComponent = ({ name, version }: Part<"jars">) =>
	new Component(Enums.ComponentType.Library, name, {
		bomRef: `jar:${name}@${version}`,
		version,
		purl: `pkg:generic/${encodeURIComponent(name)}${version === "" ? "" : `@${encodeURIComponent(version)}`}`,
	});

/** process.versions: Node and the libraries linked into it. */
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
