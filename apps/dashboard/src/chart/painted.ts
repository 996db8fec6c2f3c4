/**
 * Ends once what was drawn is on the screen, as near as a page can know: a task after the next animation frame. A page that gets hidden meanwhile has no
 * more frames: it does not wait for one for ever.
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
