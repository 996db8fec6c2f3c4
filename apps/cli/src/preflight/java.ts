/**
 * Looks for a Java that suits everything that runs on Java: Kafka and, if it is chosen, the Spark
 * engine.
 */
import { findJava, type Java, type JavaNeed } from "@fireworks/local-kafka";
import type { AllSettings } from "../settings.ts";
import { type Finding, ok, problem } from "./finding.ts";

const KAFKA: JavaNeed = { what: "Kafka", min: 17 };
/**
 * Spark 4.0 uses features that later versions of Java have removed (Subject.getSubject, a security
 * manager).
 */
const SPARK: JavaNeed = { what: "the Spark engine", min: 17, max: 21 };

type Engines = Pick<AllSettings, "engine" | "compareEngine">;

export const javaNeeds = ({ engine, compareEngine }: Engines): JavaNeed[] =>
	[engine, compareEngine].includes("spark") ? [KAFKA, SPARK] : [KAFKA];

export async function checkJava(
	settings: Engines,
): Promise<{ finding: Finding; java?: Java }> {
	try {
		const java = await findJava(process.env, javaNeeds(settings));
		return { finding: ok("java", `${java.version} at ${java.path}`), java };
	} catch (error) {
		const [message = "", ...fix] = (error as Error).message.split(
			/(?<=\.) (?=Install|Correct)/,
		);
		return { finding: problem("java", message, fix.join(" ")) };
	}
}
