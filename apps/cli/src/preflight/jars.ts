/**
 * Checks that Kafka's jars are intact. It reads and hashes all of them, which takes a fraction of a
 * second.
 */
import { corruptJars, JARS } from "@fireworks/local-kafka";
import { type Finding, ok, problem, warning } from "./finding.ts";

export async function checkJars(cacheDir: string): Promise<Finding> {
	const faulty = await corruptJars(cacheDir, JARS);
	const absent = faulty.filter((f) => f.fault === "absent");
	if (faulty.length === 0)
		return ok("jars", `${JARS.length} whole, at ${cacheDir}`);
	if (faulty.length === absent.length)
		return warning(
			"jars",
			`${absent.length} of ${JARS.length} are not fetched yet`,
			"`fireworks up` fetches them",
		);
	const names = faulty
		.filter((f) => f.fault !== "absent")
		.map((f) => f.jar.path.split("/").at(-1));
	return problem(
		"jars",
		`damaged: ${names.join(", ")}`,
		`Remove ${cacheDir}; \`fireworks up\` fetches them again`,
	);
}
