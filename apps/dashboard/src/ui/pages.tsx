/** The links between the pages. */
const PAGES = [
	["/", "Live example"],
	["/streams", "All streams"],
	["/sql", "SQL"],
] as const;

export const Pages = ({
	current,
}: {
	/** undefined: a part of one of them. */
	current: (typeof PAGES)[number][0] | undefined;
}) => (
	<nav aria-label="Pages">
		{PAGES.map(([path, name]) => (
			<a
				key={path}
				href={path}
				aria-current={path === current ? "page" : undefined}
			>
				{name}
			</a>
		))}
	</nav>
);
