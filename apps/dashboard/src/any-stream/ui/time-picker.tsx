/** Chooses the time: a window that ends now, everything, or two dates. */
import { type FormEvent, useRef, useState } from "react";
import { age, instant } from "../../view/format.ts";
import { WINDOWS } from "../view/time-range.ts";
import type { StreamView } from "../view/view.ts";
import type { StreamTime } from "./use-time.ts";

export function TimePicker({
	time,
	change,
}: {
	time: StreamTime;
	change(changed: Partial<StreamView>): void;
}) {
	const { choice } = time;
	const listed =
		choice.kind === "window" && WINDOWS.some(([ms]) => ms === choice.ms);
	const [from, to] = time.visible();
	return (
		<>
			<label className="choice">
				<span className="hidden">Time range</span>
				<select
					value={choice.kind === "window" ? String(choice.ms) : choice.kind}
					onChange={({ target: { value } }) => {
						if (value === "auto" || value === "all")
							change({ time: { kind: value } });
						else change({ time: { kind: "window", ms: Number(value) } });
					}}
				>
					<option value="auto">Fitting the stream</option>
					{WINDOWS.map(([ms, name]) => (
						<option key={ms} value={ms}>
							{name}
						</option>
					))}
					{choice.kind === "window" && !listed && (
						<option value={choice.ms}>{age(choice.ms)}</option>
					)}
					<option value="all">Everything</option>
					{choice.kind === "fixed" && (
						<option value="fixed">
							{`${instant(from).slice(0, 19)} to ${instant(to).slice(0, 19)}`}
						</option>
					)}
				</select>
			</label>
			<Dates time={time} />
		</>
	);
}

/** As a date field writes it: local time, to the second. */
const field = (ms: number) => instant(ms).slice(0, 19).replace(" ", "T");

function Dates({ time }: { time: StreamTime }) {
	const panel = useRef<HTMLFormElement>(null);
	const [wrong, setWrong] = useState("");
	const [first, setFirst] = useState({ from: "", to: "" });
	const apply = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const entered = new FormData(event.currentTarget);
		const [from, to] = ["from", "to"].map((name) =>
			new Date(String(entered.get(name))).getTime(),
		) as [number, number];
		if (!(from < to)) {
			setWrong("Enter two dates, the first one before the second.");
			return;
		}
		setWrong("");
		time.fix([from, to]);
		panel.current?.hidePopover();
	};
	return (
		<>
			<button
				type="button"
				popoverTarget="dates"
				onClick={() => {
					const [from, to] = time.visible();
					setFirst({ from: field(from), to: field(to) });
				}}
			>
				Dates…
			</button>
			<form
				ref={panel}
				id="dates"
				popover="auto"
				className="picker"
				// The fields begin with what is visible.
				key={`${first.from} ${first.to}`}
				onSubmit={apply}
				noValidate
			>
				<label>
					<span>From</span>
					<input
						name="from"
						type="datetime-local"
						step="1"
						defaultValue={first.from}
					/>
				</label>
				<label>
					<span>To</span>
					<input
						name="to"
						type="datetime-local"
						step="1"
						defaultValue={first.to}
					/>
				</label>
				<p className="quiet" role="alert">
					{wrong}
				</p>
				<button type="submit">Show</button>
			</form>
		</>
	);
}
