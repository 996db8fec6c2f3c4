/**
 * A clone whose pipelines/ folder is the test's own. Everything else is this clone's: linked,
 * except the CLI's bundle, which looks for the clone from where it lies.
 */
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LINKED = [
	...["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"],
	"tsconfig.base.json",
	...["apps/dashboard", "node_modules", "packages", "scripts", "services"],
	...["pipelines/node_modules", "pipelines/package.json"],
];

export interface PipelineClone {
	/** Its CLI, for System.create. */
	readonly cli: string;
	/** Writes a pipeline. start: in a package.json of its own, when `up` starts it. */
	write(name: string, text: string, start?: "always" | "if-named"): void;
	/** Removes a pipeline's folder. */
	drop(name: string): void;
	/** The files and folders at the top and in pipelines/ that were not there at first. */
	added(): string[];
	remove(): void;
}

export function pipelineClone(): PipelineClone {
	const root = mkdtempSync(join(tmpdir(), "fireworks-clone-"));
	mkdirSync(join(root, "apps/cli"), { recursive: true });
	cpSync(join(ROOT, "apps/cli/dist"), join(root, "apps/cli/dist"), {
		recursive: true,
	});
	mkdirSync(join(root, "pipelines"));
	for (const path of LINKED) symlinkSync(join(ROOT, path), join(root, path));
	const folder = (name: string) => join(root, "pipelines", name);
	const entries = () =>
		["", "pipelines/"].flatMap((parent) =>
			readdirSync(join(root, parent)).map((name) => `${parent}${name}`),
		);
	const atFirst = new Set(entries());
	return {
		cli: join(root, "apps/cli/dist/main.js"),
		write(name, text, start) {
			mkdirSync(folder(name), { recursive: true });
			writeFileSync(join(folder(name), "pipeline.ts"), text);
			if (start !== undefined)
				writeFileSync(
					join(folder(name), "package.json"),
					JSON.stringify({ type: "module", fireworks: { start } }),
				);
		},
		drop: (name) => rmSync(folder(name), { recursive: true, force: true }),
		added: () => entries().filter((path) => !atFirst.has(path)),
		remove: () => rmSync(root, { recursive: true, force: true }),
	};
}

/**
 * A pipeline whose source counts, a record every 100 ms, and whose stage multiplies by `factor`.
 */
export const countingPipeline = (name: string, factor: number): string => `
import { definePipeline, defineSource, defineStream } from "@fireworks/pipeline";
import { map } from "@fireworks/streams";
import { z } from "zod";
const stream = (name: string) => defineStream({
	name,
	schema: z.object({ id: z.string(), at: z.int(), n: z.int() }),
	key: "id",
	time: { path: "at", unit: "ms" },
	measures: { n: {} },
});
const counts = stream("${name}-counts");
const products = stream("${name}-products");
const source = defineSource<{ id: string; at: number; n: number }, { n: number }>({
	name: "${name}-source",
	output: counts,
	poll: async (position = { n: 1 }) => ({
		records: [{ id: "a", at: 1767225600000 + position.n * 1000, n: position.n }],
		position: { n: position.n + 1 },
		waitMs: 100,
	}),
});
const stage = map({
	name: "${name}-products",
	input: counts,
	output: products,
	map: ({ value }) => ({ value: { ...value, n: value.n * ${factor} } }),
});
export default definePipeline({
	name: "${name}",
	streams: [counts, products],
	sources: [source],
	stages: [stage],
});
`;
