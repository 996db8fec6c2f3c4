/** A burst: the page's logo, in the colour of the text around it. */
export const Logo = () => (
	<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
		<g stroke="currentColor" strokeWidth="2" strokeLinecap="round">
			<path d="M12 2v5M12 17v5M2 12h5M17 12h5M5 5l3.4 3.4M15.6 15.6 19 19M19 5l-3.4 3.4M8.4 15.6 5 19" />
		</g>
	</svg>
);
