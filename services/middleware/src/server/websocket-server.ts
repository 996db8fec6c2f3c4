/**
 * The websocket endpoint on the service's HTTP server: admits clients, and connects each connection
 * to its session.
 *
 * Bounds: connections in all (clients and SPARE_CONNECTIONS), time to the first request, size of a
 * frame, fragments of a frame.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Incoming } from "../connection/incoming.ts";
import { type Counts, countUp } from "../counts.ts";
import type { ClientSocket } from "../fanout/client-socket.ts";
import {
	CLIENT_FRAGMENTS_MAX,
	CLOSE_GRACE_MS,
	SPARE_CONNECTIONS,
} from "../limits.ts";
import { clientAddress, trustedHops } from "./address.ts";
import { Admission, type AdmissionLimits } from "./admission.ts";
import { chosenProtocol, type GateRules, judge, type Verdict } from "./gate.ts";
import { refuseUpgrade } from "./refuse.ts";
import { WebSocketPort } from "./web-socket-port.ts";

type Passed = Extract<Verdict, { pass: true }>;

/** Lets a client in, or says why not. */
export type Decision =
	| { readonly join: (socket: ClientSocket) => Incoming }
	| {
			readonly status: number;
			/** For the metric. */
			readonly reason: string;
			/** For the client. */
			readonly message: string;
	  };

export interface WebsocketServerOptions {
	server: Server;
	rules: GateRules;
	limits: AdmissionLimits & {
		frameBytesMax: number;
		handshakeMs: number;
		proxyHops: number;
		/** Empty: no connection is accepted as the page's server. */
		relaySecret: string;
	};
	counts: Counts;
	/** The last decision about a client that the gate let pass. It may take a while. */
	decide(request: Passed): Decision | Promise<Decision>;
}

/** Serves from now on, until the HTTP server stops. */
export function serveWebsockets(options: WebsocketServerOptions): void {
	const { server, limits, counts, rules } = options;
	const admission = new Admission(limits);
	// Some of these are newer than the type definitions.
	const bounds = {
		maxPayload: limits.frameBytesMax,
		maxFragments: CLIENT_FRAGMENTS_MAX,
		closeTimeout: CLOSE_GRACE_MS,
	};
	const websockets = new WebSocketServer({
		...bounds,
		noServer: true,
		clientTracking: false,
		perMessageDeflate: false,
		// The gate has already checked that there is one.
		handleProtocols: (offered) => chosenProtocol(offered) ?? false,
	});
	limitConnections(server, limits);
	server.on("upgrade", (request: IncomingMessage, socket: Duplex, head) => {
		const { headers } = request;
		const verdict = judge(
			{
				url: request.url ?? "/",
				origin: headers.origin,
				protocols: headers["sec-websocket-protocol"],
				authorization: headers.authorization,
			},
			rules,
		);
		if (!verdict.pass) {
			countUp(counts.refused, verdict.reason);
			return refuseUpgrade(socket, verdict.status, verdict.message);
		}
		const hops = trustedHops(request, limits);
		const address = clientAddress(request, hops);
		const place = admission.take(address);
		if (place !== "taken") {
			countUp(counts.refused, place);
			return refuseUpgrade(socket, 503, "too many clients");
		}
		const relayed = hops > limits.proxyHops ? 1 : 0;
		counts.relayedClients += relayed;
		socket.once("close", () => {
			admission.release(address);
			counts.relayedClients -= relayed;
		});
		const conclude = (decision: Decision) => {
			if (!("join" in decision)) {
				countUp(counts.refused, decision.reason);
				return refuseUpgrade(socket, decision.status, decision.message);
			}
			websockets.handleUpgrade(request, socket, head, (websocket) =>
				wire(websocket, decision.join(new WebSocketPort(websocket, socket))),
			);
		};
		const decision = options.decide(verdict);
		if (!(decision instanceof Promise)) return conclude(decision);
		const gone = () => socket.destroy();
		socket.on("error", gone);
		void decision.then((decided) => {
			socket.off("error", gone);
			if (!socket.destroyed) conclude(decided);
		});
	});
}

function wire(websocket: WebSocket, incoming: Incoming): void {
	websocket.on("message", (data, isBinary) =>
		incoming.received(isBinary ? undefined : data.toString()),
	);
	websocket.on("ping", () => incoming.pinged());
	websocket.on("pong", () => incoming.ponged());
	websocket.on("close", () => incoming.ended());
	// An error means an invalid frame. ws has closed with the matching code already, and the close
	// event follows.
	websocket.on("error", () => {});
}

/** Drops connections that send no request in time, and those beyond the limit. */
function limitConnections(
	server: Server,
	limits: WebsocketServerOptions["limits"],
): void {
	server.maxConnections = limits.clientsMax + SPARE_CONNECTIONS;
	server.on("connection", (socket) => {
		const timer = setTimeout(() => socket.destroy(), limits.handshakeMs);
		socket.once("close", () => clearTimeout(timer));
		socket.once("fireworks-asked", () => clearTimeout(timer));
	});
	const asked = (request: IncomingMessage) =>
		request.socket.emit("fireworks-asked");
	server.on("request", asked);
	server.on("upgrade", asked);
}
