/** Whether a media query currently matches. */
import { useEffect, useState } from "react";

export function useMedia(query: string): boolean {
	const [holds, setHolds] = useState(false);
	useEffect(() => {
		const list = matchMedia(query);
		const read = () => setHolds(list.matches);
		read();
		list.addEventListener("change", read);
		return () => list.removeEventListener("change", read);
	}, [query]);
	return holds;
}
