/** The images of the project: a line each. What an image is built from is read off its Dockerfile's COPY lines (inputs.ts). */

export interface ImageDefinition {
	/** The last part of its name: fireworks/<name>. */
	name: string;
	title: string;
	/** Under docker/. */
	dockerfile: string;
	/** Build arguments that tell it from others of the same Dockerfile. */
	args?: Readonly<Record<string, string>>;
}

const service = (
	name: string,
	title: string,
	port: number,
): ImageDefinition => ({
	name,
	title,
	dockerfile: "service.Dockerfile",
	args: { SERVICE: name, PORT: String(port) },
});

/** What the typescript engine needs, and the command for jobs in the cluster. */
export const IMAGES: readonly ImageDefinition[] = [
	service(
		"metronome",
		"Fireworks metronome: one tick a device and interval",
		8081,
	),
	service(
		"processor",
		"Fireworks processor: Wiener processes, exactly once",
		8082,
	),
	service("middleware", "Fireworks middleware: Kafka to websockets", 8080),
	{
		name: "cli",
		title: "Fireworks command: audit and checks",
		dockerfile: "service.Dockerfile",
		args: { SERVICE: "cli", FOLDER: "apps/cli", PORT: "" },
	},
	{
		name: "dashboard",
		title: "Fireworks dashboard: the page",
		dockerfile: "dashboard.Dockerfile",
	},
];

/** Built where they are asked for (`names` of buildImages): each engine's processor, with what it needs. */
export const ENGINE_IMAGES: readonly ImageDefinition[] = [
	{
		name: "engine-python",
		title: "Fireworks Python engine: the processor on librdkafka",
		dockerfile: "engine-python.Dockerfile",
	},
	{
		name: "engine-spark",
		title: "Fireworks Spark engine: the processor's driver and executors",
		dockerfile: "engine-spark.Dockerfile",
	},
];
