/**
 * Builds what `pnpm pack` puts into the package @fireworks/streams: JavaScript that includes the
 * patched kafkajs and our own packages, and the types of all three. So a program outside this
 * workspace cannot get an unpatched kafkajs, which loses records.
 */
import { execFileSync } from "node:child_process";
import {
	cpSync,
	globSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGE = join(ROOT, "packages/streams");
const DIST = join(PACKAGE, "dist");
const TYPES = join(DIST, "types");
/** Packages whose types are included in this package, with the path of their entry. */
const TYPES_WITHIN: Readonly<Record<string, string>> = {
	"@fireworks/contracts": "contracts/src/index.js",
	"@fireworks/service-kit": "service-kit/src/index.js",
	kafkajs: "kafkajs/index.js",
};

rmSync(DIST, { recursive: true, force: true });
await bundle();
declare();

async function bundle(): Promise<void> {
	const { dependencies } = JSON.parse(
		readFileSync(join(PACKAGE, "package.json"), "utf8"),
	);
	await build({
		absWorkingDir: PACKAGE,
		entryPoints: {
			index: "src/index.ts",
			service: "src/service.ts",
			testing: "src/testing/index.ts",
		},
		outdir: DIST,
		bundle: true,
		// One StreamsError for all entries, so instanceof works across them.
		splitting: true,
		platform: "node",
		format: "esm",
		target: "node24",
		external: Object.keys(dependencies),
		logLevel: "warning",
		banner: {
			js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
		},
	});
	cpSync(join(kafkajs(), "LICENSE"), join(DIST, "LICENSE-kafkajs"));
}

function declare(): void {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-pack-"));
	const config = join(folder, "tsconfig.json");
	const names = ["streams", "contracts", "service-kit"];
	writeFileSync(
		config,
		JSON.stringify({
			extends: join(ROOT, "tsconfig.base.json"),
			compilerOptions: {
				noEmit: false,
				declaration: true,
				emitDeclarationOnly: true,
				rootDir: join(ROOT, "packages"),
				outDir: TYPES,
				typeRoots: [join(ROOT, "node_modules/@types")],
			},
			include: names.map((name) => join(ROOT, "packages", name, "src")),
		}),
	);
	execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", config], {
		stdio: "inherit",
	});
	rmSync(folder, { recursive: true });
	cpSync(join(kafkajs(), "types"), join(TYPES, "kafkajs"), { recursive: true });
	for (const file of globSync(join(TYPES, "**/*.d.ts")))
		writeFileSync(file, withinPackage(file, readFileSync(file, "utf8")));
}

/** The text of a declaration file, with imports rewritten to their paths in the package. */
function withinPackage(file: string, text: string): string {
	const own = (name: string) => {
		const path = relative(dirname(file), join(TYPES, TYPES_WITHIN[name] ?? ""));
		return path.startsWith(".") ? path : `./${path}`;
	};
	return text
		.replace(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"')
		.replace(
			/(from |import\()"([^"]+)"/g,
			(all, before: string, name: string) =>
				name in TYPES_WITHIN ? `${before}"${own(name)}"` : all,
		);
}

function kafkajs(): string {
	return dirname(
		createRequire(join(PACKAGE, "package.json")).resolve(
			"kafkajs/package.json",
		),
	);
}
