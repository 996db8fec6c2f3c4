/**
 * One page of metrics from several registries. Each stage registers the same names, and a name may
 * be described only once on a page.
 */
import type { Registry } from "@fireworks/service-kit";

/** The page of `registry` has the metrics of the others from now on. */
export function joinMetrics(
	registry: Registry,
	others: readonly Registry[],
): void {
	const own = registry.metrics.bind(registry);
	registry.metrics = async () =>
		joinTexts(
			await Promise.all([own(), ...others.map((other) => other.metrics())]),
		);
}

/** Each text is in Prometheus' format, which prom-client ends with a description per metric. */
function joinTexts(texts: readonly string[]): string {
	const metrics = new Map<string, { about: string[]; samples: string[] }>();
	for (const text of texts) {
		let current: { about: string[]; samples: string[] } | undefined;
		let isNew = false;
		for (const line of text.split("\n")) {
			const [, kind, name = ""] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
			if (kind === "HELP") {
				isNew = !metrics.has(name);
				current = metrics.get(name) ?? { about: [], samples: [] };
				metrics.set(name, current);
			}
			if (kind !== undefined) {
				if (isNew) current?.about.push(line);
			} else if (line !== "") current?.samples.push(line);
		}
	}
	return [...metrics.values()]
		.flatMap(({ about, samples }) => [...about, ...samples, ""])
		.join("\n");
}
