/** Listeners by event name, typed by a map from name to what the listener gets. */
export class Emitter<Events extends object> {
	readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

	/** Listens; the answer stops it. */
	on<Name extends keyof Events>(
		name: Name,
		listener: (event: Events[Name]) => void,
	): () => void {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners.add(listener));
		return () => listeners.delete(listener);
	}

	/** Calls the listeners. One that throws stops neither the others nor the stream: its error is thrown on its own, later. */
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
