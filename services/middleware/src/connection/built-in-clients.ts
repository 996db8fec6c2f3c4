/** The clients of the built-in stream, over `fireworks.v1`. */
import { clientFrameSchema, type StreamPosition } from "@fireworks/contracts";
import type { Clock } from "@fireworks/time";
import type { ClientSocket } from "../fanout/client-socket.ts";
import type { Hub } from "../fanout/hub.ts";
import type { SubscriptionRequest } from "../fanout/subscription.ts";
import type { ClientLimits } from "../limits.ts";
import { type Incoming, incomingOf } from "./incoming.ts";
import { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

export interface BuiltInRequest {
	subscription: SubscriptionRequest;
	/** Where it resumes; undefined: it begins with a snapshot. */
	after: StreamPosition | undefined;
}

export const builtInClients =
	(hub: Hub, sessions: Sessions, clock: Clock, limits: ClientLimits) =>
	(socket: ClientSocket, { subscription, after }: BuiltInRequest): Incoming => {
		const client = hub.add(socket, subscription, after);
		const session = new Session({
			client,
			clock,
			pingMs: limits.pingMs,
			framesPerSecondMax: limits.framesPerSecondMax,
			take: (frame) => {
				const { data } = clientFrameSchema.safeParse(frame);
				if (data?.type === "subscribe") hub.subscribe(client, data);
				return data !== undefined;
			},
		});
		return incomingOf(session, sessions);
	};
