/**
 * The part of Docker that bootstrap.sh uses, without an engine. The state is a plain object: `{
 * images: [tag], containers: { name: { state, labels, image } }, volumes: { name: labels } }`.
 */

/** Labels given as `--label k=v` or `--label=k=v`. */
function labelsOf(args) {
	const labels = {};
	args.forEach((arg, i) => {
		const text =
			arg === "--label" ? args[i + 1] : arg.match(/^--label=(.*)$/s)?.[1];
		const at = text?.indexOf("=") ?? -1;
		if (at > 0) labels[text.slice(0, at)] = text.slice(at + 1);
	});
	return labels;
}

const optionOf = (args, ...names) => {
	for (const name of names) {
		const at = args.indexOf(name);
		if (at >= 0) return args[at + 1];
		const joined = args.find((arg) => arg.startsWith(`${name}=`));
		if (joined !== undefined) return joined.slice(name.length + 1);
	}
	return undefined;
};

const filtersOf = (args) =>
	args.flatMap((arg, i) => (args[i - 1] === "--filter" ? [arg] : []));

/** `{{.Name}}`, `{{index .Config.Labels "x"}}` and the few other templates in use. */
function render(format, name, { state, labels, image }) {
	const values = {
		".State.Status": state,
		".Status": state,
		".State": state,
		".Names": name,
		".Name": name,
		".Config.Image": image,
	};
	return format.replaceAll(/\{\{(.*?)\}\}/g, (_, expression) => {
		const label = expression.match(
			/(?:index \.(?:Config\.)?Labels|\.Label) "(.*)"/,
		)?.[1];
		return label === undefined
			? (values[expression.trim()] ?? "")
			: (labels?.[label] ?? "");
	});
}

const notThere = (what) => ({
	code: 1,
	stdout: "\n",
	stderr: `Error: No such ${what}\n`,
});

function hasFilters(name, { labels, state }, filters) {
	return filters.every((filter) => {
		const [kind, ...rest] = filter.split("=");
		const value = rest.join("=");
		if (kind === "label") {
			const [key, ...wanted] = value.split("=");
			return (
				labels[key] !== undefined &&
				(wanted.length === 0 || labels[key] === wanted.join("="))
			);
		}
		if (kind === "name") return new RegExp(value).test(name);
		if (kind === "status") return state === value;
		return false;
	});
}

/** Files of the container: its first process creates one, and bootstrap.sh another with `touch`. */
function execIn(args, containers) {
	const container = containers[args[1]];
	const file = args.at(-1);
	if (args[2] === "touch") {
		container.files = [...(container.files ?? []), file];
		return { changed: true };
	}
	if (args[2] !== "test" || file === "/run/fireworks-entered") return {};
	return { code: container?.files?.includes(file) ? 0 : 1 };
}

export function fakeDocker(args, state) {
	const [command, sub] = args;
	const containers = state.containers;
	const format = optionOf(args, "--format", "-f");
	switch (command) {
		case "info":
			return { stdout: "28.0.0|Fake Linux|16000000000|/nowhere\n" };
		case "context":
			return { stdout: "unix:///var/run/docker.sock\n" };
		case "buildx":
			return { stdout: "github.com/docker/buildx v0.25.0\n" };
		case "build":
			state.images.push(optionOf(args, "--tag", "-t"));
			return { changed: true };
		case "images":
			return { stdout: state.images.map((name) => `${name}\n`).join("") };
		case "rmi":
			state.images = state.images.filter((name) => !args.includes(name));
			return { changed: true };
		case "run":
		case "create": {
			const name = optionOf(args, "--name");
			const labels = labelsOf(args);
			containers[name] = { state: "running", labels, image: "" };
			return { changed: true, stdout: `id-of-${name}\n` };
		}
		case "start": {
			const names = args.slice(1).filter((arg) => !arg.startsWith("-"));
			for (const name of names) {
				if (!containers[name]) return notThere("container");
				containers[name].state = "running";
			}
			return { changed: true, stdout: `${names.join("\n")}\n` };
		}
		case "rm": {
			for (const name of args.slice(1))
				delete containers[name.replace(/^id-of-/, "")];
			return { changed: true };
		}
		case "ps": {
			const shown = Object.entries(containers).filter(
				([name, container]) =>
					(container.state === "running" ||
						args.includes("--all") ||
						args.includes("-a")) &&
					hasFilters(name, container, filtersOf(args)),
			);
			const row = ([name, container]) =>
				format ? render(format, name, container) : `id-of-${name}`;
			return { stdout: shown.map((one) => `${row(one)}\n`).join("") };
		}
		case "exec":
			return execIn(args, containers);
		default:
	}
	const name = args.at(-1);
	switch (`${command} ${sub}`) {
		case "image inspect":
			return state.images.includes(name)
				? { stdout: "[]\n" }
				: notThere("image");
		case "container inspect":
			return containers[name]
				? { stdout: `${render(format ?? "", name, containers[name])}\n` }
				: notThere("container");
		case "volume inspect":
			return state.volumes[name]
				? {
						stdout: `${render(format ?? "", name, { labels: state.volumes[name] })}\n`,
					}
				: notThere("volume");
		case "volume rm":
			delete state.volumes[name];
			return { changed: true };
		default:
			return {};
	}
}
