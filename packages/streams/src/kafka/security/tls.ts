/**
 * TLS to the brokers. The files are read at every connection. So a certificate that is renewed on
 * disk (cert-manager, a mounted Secret) is used from the next connection on, without a restart.
 * Open connections keep the certificate they started with.
 */
import { readFileSync } from "node:fs";
import { connect as connectPlain, isIP } from "node:net";
import { type ConnectionOptions, connect, createSecureContext } from "node:tls";
import { type SettingProblem, variableOf } from "@fireworks/contracts";
import type { ISocketFactory } from "kafkajs";
import type { SecuritySettings } from "./settings.ts";

/** Same as kafkajs's own value. */
const KEEP_ALIVE_MS = 60_000;

const OPTIONS = {
	ca: "kafkaTlsCaFile",
	cert: "kafkaTlsCertFile",
	key: "kafkaTlsKeyFile",
} as const;

/** The current content of the files. Throws if one cannot be read. */
function tlsFiles(settings: SecuritySettings): ConnectionOptions {
	const options: ConnectionOptions = {};
	for (const [option, name] of Object.entries(OPTIONS)) {
		const path = settings[name];
		if (path !== "")
			options[option as keyof typeof OPTIONS] = readFileSync(path);
	}
	return options;
}

/**
 * What is wrong with the files: unreadable, not PEM, or a key that belongs to another certificate.
 */
export function tlsProblems(settings: SecuritySettings): SettingProblem[] {
	if (!settings.kafkaTls) return [];
	const problems: SettingProblem[] = [];
	const attempt = (name: keyof SecuritySettings, what: () => unknown) => {
		try {
			what();
		} catch (error) {
			problems.push({
				name: variableOf(name),
				value: String(settings[name]),
				expected: `a PEM file that can be used: ${(error as Error).message}`,
			});
		}
	};
	const { kafkaTlsCaFile: ca, kafkaTlsCertFile: cert } = settings;
	if (ca !== "")
		attempt("kafkaTlsCaFile", () => {
			const text = readFileSync(ca, "utf8");
			// For a file without a certificate Node uses an empty list of CAs, and trusts no
			// server.
			if (!text.includes("-----BEGIN CERTIFICATE-----"))
				throw new Error("no certificate is in it");
			createSecureContext({ ca: text });
		});
	if (cert !== "")
		attempt("kafkaTlsCertFile", () =>
			createSecureContext({ cert: readFileSync(cert) }),
		);
	if (settings.kafkaTlsKeyFile !== "" && problems.length === 0)
		attempt("kafkaTlsKeyFile", () => createSecureContext(tlsFiles(settings)));
	return problems;
}

/** Creates sockets for kafkajs, with TLS if the settings say so. */
export const socketFactory =
	(settings: SecuritySettings): ISocketFactory =>
	({ host, port, onConnect }) => {
		const { kafkaTls, kafkaTlsServerName: name } = settings;
		const servername = name || (isIP(host) ? "" : host);
		const socket = kafkaTls
			? connect(
					{
						host,
						port,
						...tlsFiles(settings),
						...(servername === "" ? {} : { servername }),
					},
					onConnect,
				)
			: connectPlain({ host, port }, onConnect);
		return socket.setKeepAlive(true, KEEP_ALIVE_MS);
	};
