/**
 * Resolves once what was drawn is on the screen, as far as a page can know: in a task after the
 * next animation frame. A page that becomes hidden meanwhile gets no more frames, so the wait is
 * limited.
 */
const LONGEST_MS = 500;

export const painted = (): Promise<void> =>
	new Promise((resolve) => {
		const timer = setTimeout(resolve, LONGEST_MS);
		requestAnimationFrame(() => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => {
				port1.close();
				clearTimeout(timer);
				resolve();
			};
			port2.postMessage(null);
		});
	});
