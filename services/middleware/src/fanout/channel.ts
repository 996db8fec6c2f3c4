/** The clients of one subscription, and which of them are live. */
import type { NameTable } from "../queue/name-table.ts";
import type { Client } from "./client.ts";
import {
	keyOf,
	Subscription,
	type SubscriptionRequest,
} from "./subscription.ts";

interface Channel {
	readonly subscription: Subscription;
	readonly clients: Set<Client>;
	readonly live: Set<Client>;
}

/** All subscriptions that have at least one client. */
export class Channels {
	readonly #devices: NameTable;
	readonly #byKey = new Map<string, Channel>();
	#made = 0;

	constructor(devices: NameTable) {
		this.#devices = devices;
	}

	get size(): number {
		return this.#byKey.size;
	}

	[Symbol.iterator](): Iterator<Channel> {
		return this.#byKey.values();
	}

	/** The subscription of this request, shared by all clients with an equal request. */
	subscriptionOf(request: SubscriptionRequest): Subscription {
		return (
			this.#byKey.get(keyOf(request))?.subscription ??
			new Subscription(++this.#made, request, this.#devices)
		);
	}

	/** Adds the client to its subscription's channel. */
	join(client: Client): void {
		const { subscription } = client;
		let channel = this.#byKey.get(subscription.key);
		if (channel === undefined) {
			channel = { subscription, clients: new Set(), live: new Set() };
			this.#byKey.set(subscription.key, channel);
		}
		channel.clients.add(client);
	}

	/** The client entered another state. */
	moved(client: Client): void {
		const live = this.#byKey.get(client.subscription.key)?.live;
		if (client.state === "live") live?.add(client);
		else live?.delete(client);
	}

	/** Removes the client from its subscription's channel, and the channel with its last client. */
	leave(client: Client): void {
		const channel = this.#byKey.get(client.subscription.key);
		channel?.clients.delete(client);
		channel?.live.delete(client);
		if (channel?.clients.size === 0)
			this.#byKey.delete(channel.subscription.key);
	}
}
