import { expect, test } from "vitest";
import { connect } from "../../../src/cluster/kube/client.ts";
import { look } from "../../../src/cluster/kube/rollout.ts";
import { type Answer, apiServer } from "../../support/api-server.ts";
import { tempFolder } from "../../support/temp.ts";
import { container, event, pod } from "./pods.ts";

const folder = tempFolder();
const NAME = "fireworks-processor-1";
const running = container({ running: {} });
const unhealthy = event(
	"Unhealthy",
	"Readiness probe failed: HTTP probe failed with statuscode: 503",
	{ name: NAME },
);

/** What `up`, `status` and `doctor` report about a processor whose /readyz gives this answer. */
async function reasons(readyz: Answer | undefined, ready = false) {
	const access = await apiServer(folder, (path) => {
		if (path === "/api/v1/namespaces/fw/pods")
			return {
				status: 200,
				body: { items: [pod({ name: NAME, ready, containers: [running] })] },
			};
		if (path === "/api/v1/namespaces/fw/events")
			return { status: 200, body: { items: [unhealthy] } };
		if (path === `/api/v1/namespaces/fw/pods/${NAME}:8082/proxy/readyz`)
			return readyz;
		return undefined;
	});
	const watched = { namespace: "fw", release: "fireworks", since: 0 };
	const { blockers } = await look(await connect(access), watched);
	return blockers.map(({ part, pod, why }) => `${part} (pod ${pod}): ${why}`);
}

test("a part that is not ready gives its own reason: the topic and what the broker said", async () => {
	const reason = `the topic "wiener" was refused: Unable to replicate the partition 3 time(s): ${"The target replication factor of 3 cannot be reached because only 1 broker(s) are registered. ".repeat(8)}`;
	expect(
		await reasons({ status: 503, body: { status: "unavailable", reason } }),
	).toEqual([`processor (pod ${NAME}): not ready: ${reason}`]);
});

test.each([
	["does not answer", undefined],
	["has no reason", { status: 503, body: { status: "unavailable" } }],
])("if its /readyz %s, the reason is the kubelet's", async (_, readyz) => {
	expect(await reasons(readyz)).toEqual([
		`processor (pod ${NAME}): not ready: Readiness probe failed: HTTP probe failed with statuscode: 503`,
	]);
});

test("a part that is ready has no reason", async () => {
	expect(await reasons(undefined, true)).toEqual([]);
});
