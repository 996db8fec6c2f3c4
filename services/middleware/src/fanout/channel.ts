/** The clients of one subscription, and those of them that are live. */
import type { DeviceTable } from "../queue/device-table.ts";
import type { Client } from "./client.ts";
import { Subscription, type Wish, wishKey } from "./subscription.ts";

export interface Channel {
	readonly subscription: Subscription;
	readonly clients: Set<Client>;
	readonly live: Set<Client>;
}

/** All channels that have a client. */
export class Channels {
	readonly #devices: DeviceTable;
	readonly #byKey = new Map<string, Channel>();
	#made = 0;

	constructor(devices: DeviceTable) {
		this.#devices = devices;
	}

	get size(): number {
		return this.#byKey.size;
	}

	[Symbol.iterator](): Iterator<Channel> {
		return this.#byKey.values();
	}

	/** The wish's channel, made where there is none. The caller puts a client into it, and takes it out by leave(). */
	of(wish: Wish): Channel {
		const key = wishKey(wish);
		let channel = this.#byKey.get(key);
		if (channel === undefined) {
			channel = {
				subscription: new Subscription(++this.#made, wish, this.#devices),
				clients: new Set(),
				live: new Set(),
			};
			this.#byKey.set(key, channel);
		}
		return channel;
	}

	leave(channel: Channel, client: Client): void {
		channel.clients.delete(client);
		channel.live.delete(client);
		if (channel.clients.size === 0)
			this.#byKey.delete(channel.subscription.key);
	}
}
