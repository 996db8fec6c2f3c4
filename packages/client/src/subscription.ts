/** What a client asks to see. deviceIds: null for all. windowMs: how far back the snapshot goes. */
export interface Subscription {
	deviceIds: string[] | null;
	windowMs: number;
}
