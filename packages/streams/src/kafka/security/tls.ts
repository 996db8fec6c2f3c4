/**
 * TLS to the brokers. The files are read at every connection, so that a certificate that is renewed on disk (cert-manager, a mounted Secret)
 * is used from the next connection on, without a restart; connections that are open live on with the one they began with.
 */
import { readFileSync } from "node:fs";
import { connect as connectPlain, isIP } from "node:net";
import { type ConnectionOptions, connect, createSecureContext } from "node:tls";
import { type SettingProblem, variableOf } from "@fireworks/contracts";
import type { ISocketFactory } from "kafkajs";
import type { SecuritySettings } from "./settings.ts";

/** As kafkajs's own. */
const KEEP_ALIVE_MS = 60_000;

const OPTIONS = {
	ca: "kafkaTlsCaFile",
	cert: "kafkaTlsCertFile",
	key: "kafkaTlsKeyFile",
} as const;

/** What the files hold now. Throws where one cannot be read. */
function tlsFiles(settings: SecuritySettings): ConnectionOptions {
	const options: ConnectionOptions = {};
	for (const [option, name] of Object.entries(OPTIONS)) {
		const path = settings[name];
		if (path !== "")
			options[option as keyof typeof OPTIONS] = readFileSync(path);
	}
	return options;
}

/** What is wrong with the files: none that can be read, no PEM, or a key that is of another certificate. */
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
			// Node takes a file without a certificate for no CA at all, and trusts nobody.
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

/** Sockets for kafkajs: with TLS where the settings want it. */
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
