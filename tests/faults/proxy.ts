/**
 * A TCP proxy in front of a broker that understands Kafka's framing. The broker advertises the
 * proxy's address, so all of its clients connect through the proxy. The broker's own requests to
 * itself do too, so a fault targets a client by its id.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { KafkaRequest } from "./kafka-frames.ts";
import { ProxyConnection } from "./proxy-connection.ts";
import { Rule, type RuleOptions } from "./proxy-rule.ts";

/** Selects connections by a client's id and a name that their requests contain (a stream's id). */
export interface Aim {
	clientId: string;
	naming: string;
}

interface Silence extends Aim {
	readonly ended: Promise<void>;
}

export class KafkaProxy {
	/** The broker's port; 0: there is no broker yet. */
	brokerPort = 0;
	readonly port: number;
	readonly #server: Server;
	readonly #connections = new Set<ProxyConnection>();
	readonly #rules = new Set<Rule>();
	readonly #silences = new Set<Silence>();
	readonly #known = new Set<string>();

	private constructor(server: Server) {
		this.#server = server;
		this.port = (server.address() as AddressInfo).port;
		server.on("connection", (socket) => this.#accept(socket));
	}

	static async listen(): Promise<KafkaProxy> {
		const server = createServer({ noDelay: true });
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		return new KafkaProxy(server);
	}

	/** Adds a fault for single frames. It applies until it is used up or released. */
	add(options: RuleOptions): Rule {
		const rule = new Rule(options);
		this.#rules.add(rule);
		return rule;
	}

	/** From now on, connections can be selected by this name. */
	know(naming: string): void {
		this.#known.add(naming);
	}

	/** Cuts the connections and returns their number. */
	cut(aim: Aim): number {
		const meant = [...this.#connections].filter((c) => isMeant(c, aim));
		for (const connection of meant) connection.cut();
		return meant.length;
	}

	/**
	 * Blocks the connections in both directions until the returned function is called. Then
	 * everything is delivered, late.
	 */
	silence(aim: Aim): () => void {
		const { promise, resolve } = Promise.withResolvers<void>();
		const silence: Silence = { ...aim, ended: promise };
		this.#silences.add(silence);
		return () => {
			this.#silences.delete(silence);
			resolve();
		};
	}

	/**
	 * Behaves like a machine without a broker: refuses new connections and cuts the existing ones.
	 */
	async refuse(): Promise<void> {
		const closed = once(this.#server, "close");
		this.#server.close();
		for (const connection of this.#connections) connection.cut();
		await closed;
	}

	/** Listens again. */
	async accept(): Promise<void> {
		this.#server.listen(this.port, "127.0.0.1");
		await once(this.#server, "listening");
	}

	async close(): Promise<void> {
		for (const rule of this.#rules) rule.release();
		if (this.#server.listening) await this.refuse();
	}

	#accept(socket: import("node:net").Socket): void {
		if (this.brokerPort === 0) {
			socket.destroy();
			return;
		}
		const connection = new ProxyConnection(socket, this.brokerPort, {
			ruleFor: (direction, request) => {
				this.#name(connection, request);
				for (const rule of this.#rules)
					if (rule.applies(direction, request)) return rule;
				return undefined;
			},
			gate: async () => {
				for (const silence of this.#silences)
					if (isMeant(connection, silence)) await silence.ended;
			},
		});
		this.#connections.add(connection);
		connection.run().finally(() => this.#connections.delete(connection));
	}

	#name(connection: ProxyConnection, { frame }: KafkaRequest): void {
		for (const name of this.#known)
			if (!connection.names.has(name) && frame.includes(name))
				connection.names.add(name);
	}
}

const isMeant = (connection: ProxyConnection, aim: Aim): boolean =>
	connection.clientId === aim.clientId && connection.names.has(aim.naming);
