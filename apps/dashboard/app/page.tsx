import { websocketTargets } from "../src/server/settings.ts";
import { Dashboard } from "../src/ui/dashboard.tsx";

/**
 * Rendered for each request: the websocket's address comes from the environment at start, never
 * from the build.
 */
export const dynamic = "force-dynamic";

export default function Page() {
	const { stream, compare } = websocketTargets();
	return <Dashboard target={stream} compare={compare} />;
}
