/**
 * A CA and certificates for one test, made by openssl: PEM files in a folder that is removed with
 * the test.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
	certFile: string;
	keyFile: string;
	/** Key and certificate in one file, as Kafka's PEM keystore requires. */
	keystoreFile: string;
}

export class TestCa {
	readonly #dir = mkdtempSync(join(tmpdir(), "fireworks-ca-"));
	readonly certFile: string;
	readonly #keyFile: string;

	constructor(name: string) {
		this.certFile = this.file("ca.pem");
		this.#keyFile = this.file("ca.key");
		openssl(
			`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -keyout ${this.#keyFile} -out ${this.certFile}`,
		);
	}

	/** The path of a file in this folder. If a text is given, the file is written. */
	file(name: string, text?: string): string {
		const path = join(this.#dir, name);
		if (text !== undefined) writeFileSync(path, text);
		return path;
	}

	/**
	 * A certificate for localhost and 127.0.0.1. days: 0 makes one that has expired by the time a
	 * broker is up.
	 */
	certificate(name: string, days = 2): Certificate {
		const keyFile = this.file(`${name}.key`);
		const certFile = this.file(`${name}.pem`);
		const request = this.file(`${name}.csr`);
		const names = this.file(
			`${name}.ext`,
			"subjectAltName=DNS:localhost,IP:127.0.0.1\n",
		);
		openssl(
			`req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -keyout ${keyFile} -out ${request}`,
		);
		openssl(
			`x509 -req -in ${request} -CA ${this.certFile} -CAkey ${this.#keyFile} -CAcreateserial -days ${days} -extfile ${names} -out ${certFile}`,
		);
		const keystoreFile = this.file(
			`${name}.keystore.pem`,
			readFileSync(keyFile, "utf8") + readFileSync(certFile, "utf8"),
		);
		return { certFile, keyFile, keystoreFile };
	}

	remove(): void {
		rmSync(this.#dir, { recursive: true, force: true });
	}
}

const openssl = (command: string) =>
	execFileSync("openssl", command.split(" "), { stdio: "pipe" });
