import type { Metadata } from "next";
import { hasLake } from "../../src/server/settings.ts";
import { SqlPage } from "../../src/sql/ui/sql-page.tsx";

/** Rendered for each request: whether there is a lake is known at the start of the server. */
export const dynamic = "force-dynamic";

export const metadata: Metadata = {
	title: "SQL · Fireworks",
	description: "SQL over the tables of the lake",
};

export default function Page() {
	return <SqlPage hasLake={hasLake()} />;
}
