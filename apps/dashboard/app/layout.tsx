import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
// The order matters for the cascade: the rules for narrow screens come last.
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/header.css";
import "./styles/stats.css";
import "./styles/problems.css";
import "./styles/toolbar.css";
import "./styles/picker.css";
import "./styles/chart.css";
import "./styles/records.css";
import "./styles/ensemble.css";
import "./styles/engines.css";
import "./styles/streams.css";
import "./styles/sql.css";
import "./styles/narrow.css";

export const metadata: Metadata = {
	title: "Fireworks · live",
	description: "Every device's Wiener process, live",
};

export const viewport: Viewport = {
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#f6f7f9" },
		{ media: "(prefers-color-scheme: dark)", color: "#0e1116" },
	],
};

export default async function Layout({ children }: { children: ReactNode }) {
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	return (
		<html lang="en">
			<head>
				{/* Plotly puts its rules into this element. A style element that Plotly creates
				    would be inline, which the page's policy forbids. */}
				<style id="plotly.js-style-global" nonce={nonce} />
			</head>
			<body>{children}</body>
		</html>
	);
}
