/**
 * Consumer groups of readers that have ended. A group is removed at once if the broker answers. A
 * group that could not be removed waits here for the next try, for example because the broker was
 * unreachable or the dead member's session has not expired. The list is bounded: beyond that the
 * oldest group is left to the broker, which drops an empty group by itself in time.
 */
import type { Admin } from "kafkajs";

const KEPT_MAX = 1_000;

export class LeftGroups {
	readonly #admin: () => Promise<Admin>;
	readonly #ids = new Set<string>();

	constructor(admin: () => Promise<Admin>) {
		this.#admin = admin;
	}

	add(groupId: string): void {
		this.#ids.add(groupId);
		if (this.#ids.size <= KEPT_MAX) return;
		for (const oldest of this.#ids) {
			this.#ids.delete(oldest);
			return;
		}
	}

	/** Tries to remove all of them; never rejects. */
	async remove(): Promise<void> {
		const ids = [...this.#ids];
		if (ids.length === 0) return;
		try {
			const admin = await this.#admin();
			await admin.deleteGroups(ids);
			for (const id of ids) this.#ids.delete(id);
		} catch (error) {
			// KafkaJSDeleteGroupsError names the groups that were not removed.
			const { groups } = error as {
				groups?: { groupId: string; error?: { type?: string } }[];
			};
			if (groups === undefined) return;
			const still = new Set(
				groups
					.filter((group) => group.error?.type !== "GROUP_ID_NOT_FOUND")
					.map((group) => group.groupId),
			);
			for (const id of ids) if (!still.has(id)) this.#ids.delete(id);
		}
	}
}
