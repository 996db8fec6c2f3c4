import type { Metadata } from "next";
import { StreamsPage } from "../../src/any-stream/ui/streams-page.tsx";
import { hasLake, websocketTargets } from "../../src/server/settings.ts";

/** Rendered for each request, as the first page. */
export const dynamic = "force-dynamic";

export const metadata: Metadata = {
	title: "streams · Fireworks",
	description: "Every stream of the catalog, live",
};

export default function Page() {
	return <StreamsPage target={websocketTargets().stream} hasLake={hasLake()} />;
}
