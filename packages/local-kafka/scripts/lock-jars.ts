/**
 * Writes jars.lock.json: the jars that the broker needs, with size and SHA-256. Run it when you
 * raise Kafka's version. It needs Maven (`mvn`).
 *
 *   node scripts/lock-jars.ts 4.3.1
 *
 * Maven resolves the dependency tree of kafka_2.13. UNNEEDED removes what a broker without OAuth,
 * tiered storage and command-line tools never loads. Check a change with the integration tests:
 * they format, produce with every codec, and restart.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";

const kafkaVersion = process.argv[2] ?? "4.3.1";
/**
 * Kafka logs through SLF4J and leaves the binding to its distribution. This is the version of
 * log4j-core that Kafka itself names.
 */
const LOG4J_VERSION = process.argv[3] ?? "2.25.4";

const UNNEEDED = [
	/\/jackson-(dataformat|datatype)-/, // command-line tools, the Docker image's wrapper
	/\/snakeyaml\//, // under jackson-dataformat-yaml
	/\/commons-(beanutils|collections|digester|logging)\//, // under commons-validator's XML rules; Kafka checks host names only
	/\/kafka-tools-api\//,
	/\/jose4j\//, // OAuth
	/\/caffeine\//, // tiered storage's index cache
	/\/jspecify\//, // annotations
	/\/scala-reflect\//, // scala-logging's macros, compile time only
];

const dir = mkdtempSync(join(tmpdir(), "fireworks-lock-"));
const dependency = (group: string, name: string, version: string) =>
	`<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
writeFileSync(
	join(dir, "pom.xml"),
	`<project><modelVersion>4.0.0</modelVersion><groupId>fireworks</groupId><artifactId>lock</artifactId><version>1</version><dependencies>
${dependency("org.apache.kafka", "kafka_2.13", kafkaVersion)}
${dependency("org.apache.logging.log4j", "log4j-slf4j-impl", LOG4J_VERSION)}
</dependencies></project>`,
);
execFileSync(
	"mvn",
	[
		"-q",
		"-B",
		"dependency:copy-dependencies",
		"-DincludeScope=runtime",
		"-DoutputDirectory=jars",
		"-Dmdep.useRepositoryLayout=true",
	],
	{ cwd: dir, stdio: "inherit" },
);
const root = join(dir, "jars");
const jars = readdirSync(root, { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith(".jar"))
	.map((name) => {
		const bytes = readFileSync(join(root, name));
		return {
			path: name.split(sep).join("/"),
			size: bytes.length,
			sha256: createHash("sha256").update(bytes).digest("hex"),
		};
	})
	.filter((jar) => !UNNEEDED.some((pattern) => pattern.test(`/${jar.path}`)))
	.sort((a, b) => (a.path < b.path ? -1 : 1));
writeFileSync(
	join(import.meta.dirname, "..", "jars.lock.json"),
	`${JSON.stringify({ kafkaVersion, jars }, null, "\t")}\n`,
);
rmSync(dir, { recursive: true });
console.log(
	`${jars.length} jars, ${(jars.reduce((sum, jar) => sum + jar.size, 0) / 1e6).toFixed(1)} MB`,
);
