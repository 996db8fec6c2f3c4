/** A few numbers next to each other: a table whose first column names them. */
export function Facts({
	caption,
	heads,
	rows,
}: {
	caption: string;
	heads: string[];
	rows: string[][];
}) {
	return (
		<table>
			<caption className="hidden">{caption}</caption>
			<thead>
				<tr>
					{heads.map((head, i) => (
						<th key={i} scope="col">
							{head}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{rows.map(([name, ...cells]) => (
					<tr key={name}>
						<th scope="row">{name}</th>
						{cells.map((cell, i) => (
							// Two engines may have the same name.
							<td key={i}>{cell}</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
