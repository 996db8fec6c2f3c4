"use client";
/** The view, kept in the page's address. */
import { useCallback, useEffect, useRef, useState } from "react";
import {
	FIRST_VIEW,
	readView,
	type StreamView,
	writeView,
} from "../view/view.ts";

/** Browsers refuse an address that changes often: the wheel changes the view at each step. */
const WRITE_INTERVAL_MS = 300;

/** view: undefined until the page is in the browser: the server does not read the address. */
export function useAddress() {
	const [read, setRead] = useState<ReturnType<typeof readView>>();
	const view = useRef(FIRST_VIEW);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const writtenMs = useRef(Number.NEGATIVE_INFINITY);
	useEffect(() => {
		const look = () => {
			clearTimeout(timer.current);
			const found = readView(location.search);
			view.current = found.view;
			setRead(found);
		};
		look();
		addEventListener("popstate", look);
		return () => {
			clearTimeout(timer.current);
			removeEventListener("popstate", look);
		};
	}, []);
	/** Another stream is another entry of the browser's history; the rest replaces the entry. */
	const change = useCallback((changed: Partial<StreamView>) => {
		view.current = { ...view.current, ...changed };
		setRead({ view: view.current, wrong: [] });
		clearTimeout(timer.current);
		const write = (how: "pushState" | "replaceState") => {
			writtenMs.current = performance.now();
			const address = `${location.pathname}${writeView(view.current)}`;
			history[how](null, "", address);
		};
		if ("stream" in changed) write("pushState");
		else {
			const dueMs = writtenMs.current + WRITE_INTERVAL_MS - performance.now();
			if (dueMs <= 0) write("replaceState");
			else timer.current = setTimeout(() => write("replaceState"), dueMs);
		}
	}, []);
	return { ...read, change };
}
