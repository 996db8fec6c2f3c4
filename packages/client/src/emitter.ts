/** Listeners by event name, typed by a map from name to what the listener gets. */
export class Emitter<Events extends object> {
	readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

	/** Adds a listener; the returned function removes it. */
	on<Name extends keyof Events>(
		name: Name,
		listener: (event: Events[Name]) => void,
	): () => void {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners.add(listener));
		return () => listeners.delete(listener);
	}

	/**
	 * Calls the listeners. A listener that throws stops neither the others nor the stream: its
	 * error is thrown separately, later.
	 */
	emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
		for (const listener of this.#listeners.get(name) ?? []) {
			try {
				(listener as (event: Events[Name]) => void)(event);
			} catch (error) {
				queueMicrotask(() => {
					throw error;
				});
			}
		}
	}
}
