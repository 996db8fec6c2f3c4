/** The folder of one local broker: where its data, its temporary files and its generated configuration lie. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOG4J2_CONFIG } from "./log4j2-config.ts";
import {
	propertiesText,
	type ServerOptions,
	serverProperties,
} from "./server-properties.ts";

export interface BrokerLayout {
	/** Kafka's log.dirs. */
	logDir: string;
	/** For the native parts of Snappy and Zstd, which a killed JVM leaves behind; emptied at each start. */
	tmpDir: string;
	/** The Kafka that wrote the data last. */
	versionFile: string;
	serverProperties: string;
	log4j2Config: string;
}

export const brokerLayout = (dataDir: string): BrokerLayout => ({
	logDir: join(dataDir, "data"),
	tmpDir: join(dataDir, "tmp"),
	versionFile: join(dataDir, "kafka-version"),
	serverProperties: join(dataDir, "server.properties"),
	log4j2Config: join(dataDir, "log4j2.properties"),
});

/** Writes what the broker reads. It is written anew at every start: settings and ports may have changed. */
export function writeBrokerConfig(
	layout: BrokerLayout,
	options: Omit<ServerOptions, "logDir">,
): void {
	rmSync(layout.tmpDir, { recursive: true, force: true });
	mkdirSync(layout.tmpDir, { recursive: true });
	writeFileSync(layout.log4j2Config, LOG4J2_CONFIG);
	writeFileSync(
		layout.serverProperties,
		propertiesText(serverProperties({ ...options, logDir: layout.logDir })),
	);
}
