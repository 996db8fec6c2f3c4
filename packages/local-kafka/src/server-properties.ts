/**
 * The broker's configuration: one node that is both broker and controller, on 127.0.0.1 only, sized
 * for a developer's machine.
 */

export const LOCAL_HOST = "127.0.0.1";
export const NODE_ID = 1;

/** A further listener on 127.0.0.1. What it needs (keystore, JAAS) goes into properties. */
export interface ExtraListener {
	name: string;
	port: number;
	protocol: "PLAINTEXT" | "SSL" | "SASL_SSL" | "SASL_PLAINTEXT";
}

export interface ServerOptions {
	port: number;
	controllerPort: number;
	logDir: string;
	/** Listeners in addition to the services' one: for tests of authentication. */
	listeners?: readonly ExtraListener[];
	/** Properties that are added to, or replace, the ones here. */
	properties?: Readonly<Record<string, string>>;
}

const MB = 1_048_576;

/** Every property, by name. */
export function serverProperties(
	options: ServerOptions,
): Record<string, string> {
	const { port, controllerPort, logDir, listeners = [] } = options;
	const extra = listeners.map((l) => `,${l.name}://${LOCAL_HOST}:${l.port}`);
	const protocols = listeners.map((l) => `,${l.name}:${l.protocol}`);
	const properties = {
		"process.roles": "broker,controller",
		"node.id": NODE_ID,
		"log.dirs": logDir,

		// A fixed quorum names the controller in this file and not in the data, so its port can
		// change between starts.
		"controller.quorum.voters": `${NODE_ID}@${LOCAL_HOST}:${controllerPort}`,
		listeners: `BROKER://${LOCAL_HOST}:${port},CONTROLLER://${LOCAL_HOST}:${controllerPort}${extra.join("")}`,
		"advertised.listeners": `BROKER://${LOCAL_HOST}:${port}${extra.join("")}`,
		"listener.security.protocol.map": `BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols.join("")}`,
		"inter.broker.listener.name": "BROKER",
		"controller.listener.names": "CONTROLLER",

		// The services that write topics also create them, with the partitions and clean-up that
		// they need.
		"auto.create.topics.enable": false,
		"default.replication.factor": 1,
		"min.insync.replicas": 1,

		// Internal topics: one copy, few partitions, and small segments. Only a closed segment is
		// compacted, and each start reads what is left.
		"offsets.topic.replication.factor": 1,
		"offsets.topic.num.partitions": 4,
		"offsets.topic.segment.bytes": 8 * MB,
		"transaction.state.log.replication.factor": 1,
		"transaction.state.log.min.isr": 1,
		"transaction.state.log.num.partitions": 4,
		"transaction.state.log.segment.bytes": 8 * MB,
		"share.coordinator.state.topic.replication.factor": 1,
		"share.coordinator.state.topic.min.isr": 1,
		"share.coordinator.state.topic.num.partitions": 1,

		// The first member of a group starts at once. A dead one is noticed within its session
		// time-out (6 s, in tests less).
		"group.initial.rebalance.delay.ms": 0,
		"group.min.session.timeout.ms": 1_000,
		// A dead producer's transaction holds back every read_committed reader. So look for such
		// transactions every second, not every ten.
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": 1_000,

		// After kill -9 the controller refuses the broker until its old session has expired. The
		// default of 9 s made each such start take 11 s.
		"broker.session.timeout.ms": 3_000,
		"broker.heartbeat.interval.ms": 500,
		// By default an idle broker writes to the disk twice a second.
		"metadata.max.idle.interval.ms": 5_000,

		// Two cores, one user. The cleaner's default buffer alone would take a third of the heap.
		"num.network.threads": 2,
		"num.io.threads": 4,
		"num.recovery.threads.per.data.dir": 2,
		"background.threads": 4,
		"log.cleaner.dedupe.buffer.size": 16 * MB,
	};
	const text = Object.entries(properties).map(([k, v]) => [k, String(v)]);
	return { ...Object.fromEntries(text), ...options.properties };
}

/** The text of a Java properties file, with keys and values escaped for java.util.Properties. */
export const propertiesText = (
	properties: Readonly<Record<string, string>>,
): string =>
	Object.entries(properties)
		.map(([key, value]) => `${escaped(key)}=${escaped(value)}\n`)
		.join("");

/**
 * Escapes backslashes (Windows), leading blanks, separators and everything outside printable ASCII.
 */
const escaped = (text: string): string =>
	text
		.replace(/[\\=:#!]/g, "\\$&")
		.replace(/^ /, "\\ ")
		.replace(
			/[^ -~]/g,
			(c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
		);
