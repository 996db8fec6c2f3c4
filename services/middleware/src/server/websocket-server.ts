/**
 * The websocket on the service's HTTP server: who gets in, and the wire of each connection to its session.
 *
 * Bounds: connections in all (clients and SPARE_CONNECTIONS), time to the first request, size of a frame, fragments of a frame.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { PROTOCOL } from "@fireworks/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import { type Counts, countUp } from "../counts.ts";
import type { ClientSocket } from "../fanout/client-socket.ts";
import {
	CLIENT_FRAGMENTS_MAX,
	CLOSE_GRACE_MS,
	SPARE_CONNECTIONS,
} from "../limits.ts";
import { clientAddress } from "./address.ts";
import { Admission, type AdmissionLimits } from "./admission.ts";
import { type GateRules, judge, type Verdict } from "./gate.ts";
import { refuseUpgrade } from "./refuse.ts";
import { WebSocketPort } from "./web-socket-port.ts";

/** What a connection tells its session. text: undefined for a binary frame. */
export interface Incoming {
	received(text: string | undefined): void;
	pinged(): void;
	ponged(): void;
	ended(): void;
}

type Passed = Extract<Verdict, { pass: true }>;

export interface WebsocketServerOptions {
	server: Server;
	rules: GateRules;
	limits: AdmissionLimits & {
		frameBytesMax: number;
		handshakeMs: number;
		proxyHops: number;
	};
	counts: Counts;
	/** A client got in. */
	onClient(socket: ClientSocket, request: Passed): Incoming;
}

/** Serves from now on, for as long as the server does. */
export function serveWebsockets(options: WebsocketServerOptions): void {
	const { server, limits, counts, rules } = options;
	const admission = new Admission(limits);
	// Some of these are newer than the types.
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
		// Which protocols are offered was judged before.
		handleProtocols: () => PROTOCOL,
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
		const address = clientAddress(request, limits.proxyHops);
		const place = admission.take(address);
		if (place !== "taken") {
			countUp(counts.refused, place);
			return refuseUpgrade(socket, 503, "too many clients");
		}
		socket.once("close", () => admission.release(address));
		websockets.handleUpgrade(request, socket, head, (websocket) => {
			wire(
				websocket,
				options.onClient(new WebSocketPort(websocket, socket), verdict),
			);
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
	// What is wrong with a frame: ws has closed with the code that says so, and the close event follows.
	websocket.on("error", () => {});
}

/** A connection that asks for nothing in time, and those beyond the limit, are dropped. */
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
