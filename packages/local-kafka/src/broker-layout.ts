/**
 * The folder of one local broker: its data, its temporary files and its generated configuration.
 *
 * The broker runs in this folder and gets paths relative to it, because Kafka and Java split some
 * paths: a comma separates folders in log.dirs, a colon separates jars in the class path. With
 * relative paths the folder and the cache can have any name, and nothing is ever written next to
 * them.
 */
import {
	mkdirSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { LOG4J2_CONFIG } from "./log4j2-config.ts";
import {
	propertiesText,
	type ServerOptions,
	serverProperties,
} from "./server-properties.ts";

export interface BrokerLayout {
	/** The broker's working directory. */
	folder: string;
	/** Kafka's data. */
	logDir: string;
	/** A link to the cache of jars. */
	jars: string;
	/**
	 * Temporary files: the native libraries of Snappy and Zstd, which a killed JVM leaves behind.
	 * Emptied at each start.
	 */
	tmpDir: string;
	/** Holds the version of the Kafka that last wrote the data. */
	versionFile: string;
	serverProperties: string;
	log4j2Config: string;
}

export const brokerLayout = (dataDir: string): BrokerLayout => ({
	folder: dataDir,
	logDir: join(dataDir, "data"),
	jars: join(dataDir, "jars"),
	tmpDir: join(dataDir, "tmp"),
	versionFile: join(dataDir, "kafka-version"),
	serverProperties: join(dataDir, "server.properties"),
	log4j2Config: join(dataDir, "log4j2.properties"),
});

/** A path relative to the folder of the broker, as the broker is given it. */
export const within = (layout: BrokerLayout, path: string): string =>
	relative(layout.folder, path);

/**
 * Writes the broker's configuration at every start: settings, ports and the cache may have changed.
 */
export function writeBrokerConfig(
	layout: BrokerLayout,
	cacheDir: string,
	options: Omit<ServerOptions, "logDir">,
): void {
	rmSync(layout.tmpDir, { recursive: true, force: true });
	mkdirSync(layout.tmpDir, { recursive: true });
	linkTo(resolve(cacheDir), layout.jars);
	writeFileSync(layout.log4j2Config, LOG4J2_CONFIG);
	const logDir = within(layout, layout.logDir);
	writeFileSync(
		layout.serverProperties,
		propertiesText(serverProperties({ ...options, logDir })),
	);
}

function linkTo(target: string, link: string): void {
	try {
		if (readlinkSync(link) === target) return;
	} catch {
		// There is no link yet.
	}
	rmSync(link, { recursive: true, force: true });
	symlinkSync(target, link);
}
