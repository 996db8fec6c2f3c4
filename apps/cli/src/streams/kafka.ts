/** The Kafka that the commands about streams work on, for the time of one command. */
import {
	KAFKA_SETTINGS,
	parseSettings,
	type Settings,
	TOPIC_SETTINGS,
} from "@fireworks/contracts";
import { type Log, openLog, StreamsError } from "@fireworks/streams";
import { type LogAdmin, openAdmin } from "@fireworks/streams/admin";
import { assertTopicsHere } from "../commands/topics-here.ts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { topicsEnvironment } from "../local/settings.ts";

const SETTINGS = [
	...KAFKA_SETTINGS,
	...TOPIC_SETTINGS,
	"engine",
	"seed",
	"processorGroup",
] as const;

export interface Kafka {
	readonly log: Log;
	readonly admin: LogAdmin;
	readonly settings: Settings<(typeof SETTINGS)[number]>;
	/** The names of all topics. */
	readonly topics: ReadonlySet<string>;
	/** The environment that the settings come from, for programs that the command starts. */
	readonly env: NodeJS.ProcessEnv;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** The time for the first answer. Kafka's client tries for longer by itself. */
const ANSWER_MAX_MS = 10_000;

/**
 * example: the command as the user would type it. Throws CliError if Kafka does not answer, and
 * what the work throws.
 */
export async function withKafka<T>(
	command: string,
	example: string,
	work: (kafka: Kafka) => Promise<T>,
): Promise<T> {
	assertTopicsHere(command, example);
	const env = await topicsEnvironment(process.env);
	const settings = parseSettings(env, SETTINGS);
	const options = {
		brokers: settings.brokers,
		security: settings,
		clientId: `fireworks-${command}`,
		logger: silent,
	};
	const admin = openAdmin(options);
	const log = openLog(options);
	try {
		const topics = new Set(await answered(admin.topics(), settings.brokers));
		return await work({ log, admin, settings, topics, env });
	} catch (error) {
		if (error instanceof StreamsError)
			throw new CliError(
				error.fatal ? CLI_EXIT.config : CLI_EXIT.failure,
				error.message,
				{ cause: error },
			);
		throw kafkaFailure(error);
	} finally {
		await Promise.all([admin.close(), log.close().catch(() => {})]);
	}
}

async function answered<T>(
	answer: Promise<T>,
	brokers: readonly string[],
): Promise<T> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(
		() => late.reject(new Error(`no answer within ${ANSWER_MAX_MS / 1_000} s`)),
		ANSWER_MAX_MS,
	);
	try {
		return await Promise.race([answer, late.promise]);
	} catch (error) {
		if (error instanceof StreamsError) throw error;
		throw new CliError(
			CLI_EXIT.failure,
			`Kafka at ${brokers.join(",")} does not answer: ${(error as Error).message}.\n  What to do: see \`fireworks status\` and start the system with \`fireworks up\`; for another Kafka set FIREWORKS_BROKERS.`,
			{ cause: error },
		);
	} finally {
		clearTimeout(timer);
		// If the time is over, the answer may still fail later.
		answer.catch(() => {});
	}
}

/** An error of Kafka's client as a message; other errors stay as they are. */
function kafkaFailure(error: unknown): unknown {
	const { name = "", message = "" } = error as Error;
	if (!name.startsWith("KafkaJS")) return error;
	return new CliError(CLI_EXIT.failure, `Kafka reports: ${message}`, {
		cause: error,
	});
}

/** Throws CliError if there is no such topic, with names that look like it. */
export function assertTopic({ topics }: Kafka, name: string): void {
	if (topics.has(name)) return;
	const near = [...topics].filter((one) => one.includes(name)).slice(0, 5);
	throw new CliError(
		CLI_EXIT.failure,
		`There is no topic "${name}".${near.length > 0 ? ` Similar: ${near.join(", ")}.` : ""}\n  What to do: \`fireworks streams\` lists the streams.`,
	);
}
