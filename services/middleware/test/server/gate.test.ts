import { expect, test } from "vitest";
import { clientAddress, trustedHops } from "../../src/server/address.ts";
import { Admission } from "../../src/server/admission.ts";
import { mayConnect, signTicket } from "../../src/server/auth.ts";
import {
	type GateRules,
	judge,
	type UpgradeRequest,
} from "../../src/server/gate.ts";

const NOW = 1_767_225_600_000;
const open: GateRules = {
	origins: ["http://localhost:3000"],
	auth: { bearerToken: "", ticketSecret: "" },
	closed: () => undefined,
	streamsClosed: () => undefined,
	partitions: () => 2,
	stream: () => "",
	wallMs: () => NOW,
};
const plain: UpgradeRequest = {
	url: "/ws",
	origin: undefined,
	protocols: undefined,
	authorization: undefined,
};
const status = (
	request: Partial<UpgradeRequest>,
	rules: Partial<GateRules> = {},
) => {
	const verdict = judge({ ...plain, ...request }, { ...open, ...rules });
	return verdict.pass ? 101 : verdict.status;
};

test("paths", () => {
	expect(status({ url: "/ws?after=x" })).toBe(101);
	for (const url of [
		"/",
		"/ws/",
		"/wss",
		"/WS",
		"/livez",
		"//ws",
		"*",
		"http://localhost/ws",
	])
		expect(status({ url })).toBe(404);
});

test("origins are compared exactly; a client without an origin is not a browser", () => {
	expect(status({ origin: "http://localhost:3000" })).toBe(101);
	for (const origin of [
		"",
		"null",
		"http://localhost",
		"http://localhost:3000/",
		"https://localhost:3000",
		"http://LOCALHOST:3000",
		"http://localhost:3000.evil.example",
	])
		expect(status({ origin })).toBe(403);
});

test("a client that offers our protocol, or no protocol, is accepted; one that offers only others is not", () => {
	for (const protocols of [undefined, "fireworks.v1", "x, fireworks.v1"])
		expect(status({ protocols })).toBe(101);
	for (const protocols of ["", "x", "fireworks.v9, fireworks"])
		expect(status({ protocols })).toBe(400);
});

test("the first subscription is in the query, within subscribe's bounds", () => {
	const verdict = judge(
		{ ...plain, url: "/ws?deviceId=a&deviceId=b,c&windowMs=5000&after=v1.3.4" },
		open,
	);
	expect(verdict).toEqual({
		pass: true,
		protocol: "fireworks.v1",
		subscription: {
			type: "subscribe",
			deviceIds: ["a", "b,c"],
			windowMs: 5_000,
		},
		after: [3, 4],
	});
	expect(judge(plain, open)).toMatchObject({
		subscription: { deviceIds: null, windowMs: 600_000 },
		after: undefined,
	});
	for (const url of ["/ws?windowMs=1", "/ws?windowMs=x", "/ws?deviceId="])
		expect(status({ url })).toBe(400);
});

test("the query of fireworks.v2", () => {
	const protocols = "x, fireworks.v2, fireworks.v1";
	const judged = (query: string) =>
		judge({ ...plain, protocols, url: `/ws?${query}` }, open);
	expect(
		judged("stream=readings&after=v1.3&key=a&key=b,c&windowMs=3155760000000"),
	).toEqual({
		pass: true,
		protocol: "fireworks.v2",
		request: {
			stream: "readings",
			subscription: { deviceIds: ["a", "b,c"], windowMs: 3_155_760_000_000 },
			after: "v1.3",
		},
	});
	expect(judged("deviceId=")).toMatchObject({
		request: {
			stream: null,
			subscription: { deviceIds: null, windowMs: 600_000 },
			after: null,
		},
	});
	for (const query of ["windowMs=1", "windowMs=x", "key="])
		expect(judged(query)).toMatchObject({ pass: false, status: 400 });
});

test("the built-in stream and the others are closed separately", () => {
	const closed = { closed: () => "reading the recent past" };
	const stopping = { streamsClosed: () => "stopping" };
	const protocols = "fireworks.v2";
	expect(status({}, closed)).toBe(503);
	expect(status({ protocols }, closed)).toBe(101);
	expect(status({ protocols }, stopping)).toBe(503);
});

test("an invalid position is no reason to refuse", () => {
	for (const after of [
		"",
		"v1",
		"v1.1",
		"v1.1.2.3",
		"v9.1.2",
		"v1.-1.2",
		"%00",
	])
		expect(judge({ ...plain, url: `/ws?after=${after}` }, open)).toMatchObject({
			pass: true,
			after: undefined,
		});
});

test("all clients are refused while it is closed", () => {
	expect(status({}, { closed: () => "stopping" })).toBe(503);
});

test("token or ticket, where asked for", () => {
	const auth = { bearerToken: "token-token", ticketSecret: "secret-secret" };
	const good = signTicket("secret-secret", NOW + 1);
	expect(status({}, { auth })).toBe(401);
	expect(status({ authorization: "Bearer token-token" }, { auth })).toBe(101);
	for (const authorization of [
		"Bearer token-toke",
		"Basic token-token",
		"Bearer ",
		"token-token",
	])
		expect(status({ authorization }, { auth })).toBe(401);
	expect(status({ url: `/ws?ticket=${good}` }, { auth })).toBe(101);
	const bad = [
		signTicket("secret-secret", NOW),
		signTicket("another", NOW + 1_000),
		good.replace(String(NOW + 1), String(NOW + 99)),
		`${good}x`,
		"v1.9999999999999.",
		"",
	];
	for (const ticket of bad)
		expect(
			status({ url: `/ws?ticket=${encodeURIComponent(ticket)}` }, { auth }),
		).toBe(401);
	expect(
		mayConnect({ bearerToken: "", ticketSecret: "s" }, "Bearer ", null, NOW),
	).toBe(false);
	expect(
		mayConnect(
			{ bearerToken: "t", ticketSecret: "" },
			undefined,
			signTicket("", NOW + 1),
			NOW,
		),
	).toBe(false);
});

test("clients in all and by address, given back when they end", () => {
	const admission = new Admission({ clientsMax: 3, perAddressMax: 2 });
	expect(["a", "a", "a", "b", "c"].map((a) => admission.take(a))).toEqual([
		"taken",
		"taken",
		"clients-of-address",
		"taken",
		"clients",
	]);
	admission.release("a");
	expect(admission.take("a")).toBe("taken");
});

test("the address: the connection's own, or what the trusted proxies saw", () => {
	const address = (forwarded: string | undefined, hops: number) =>
		clientAddress(
			{
				socket: { remoteAddress: "::ffff:10.0.0.9" },
				headers: { "x-forwarded-for": forwarded },
			} as never,
			hops,
		);
	expect(address(undefined, 0)).toBe("10.0.0.9");
	expect(address("1.1.1.1", 0)).toBe("10.0.0.9");
	expect(address("6.6.6.6, 1.1.1.1", 1)).toBe("1.1.1.1");
	expect(address("6.6.6.6, 1.1.1.1,10.0.0.7", 2)).toBe("1.1.1.1");
	expect(address(undefined, 1)).toBe("10.0.0.9");
	expect(address("1.1.1.1", 3)).toBe("10.0.0.9");
	expect(address("unknown", 1)).toBe("10.0.0.9");
	expect(address("999.1.1.1", 1)).toBe("10.0.0.9");
	expect(address("", 1)).toBe("10.0.0.9");
});

test.each([
	[
		"192.0.2.7",
		["192.0.2.7", "192.0.2.7:50001", "::ffff:192.0.2.7", "[::ffff:c000:207]:1"],
	],
	[
		"2001:db8::/64",
		[
			"2001:db8::1",
			"2001:DB8::1",
			"2001:db8:0:0:0:0:0:1",
			"2001:0db8::0001",
			"[2001:db8::1]",
			"[2001:db8::1]:50001",
			"2001:db8::ffff:2",
		],
	],
	["fe80::/64", ["fe80::1", "fe80::1%eth0", "[fe80::2%25eth0]:443"]],
])("%s is one client in all of its spellings", (client, spellings) => {
	for (const spelling of spellings)
		expect(
			clientAddress(
				{
					socket: { remoteAddress: "10.0.0.9" },
					headers: { "x-forwarded-for": spelling },
				} as never,
				1,
			),
		).toBe(client);
});

test("only who knows the relay's secret is trusted with one hop more", () => {
	const hops = (proof: string | undefined, relaySecret: string) =>
		trustedHops({ headers: { "x-fireworks-relay": proof } } as never, {
			proxyHops: 1,
			relaySecret,
		});
	expect(hops("s3cret", "s3cret")).toBe(2);
	expect(hops("wrong", "s3cret")).toBe(1);
	expect(hops(undefined, "s3cret")).toBe(1);
	expect(hops("", "")).toBe(1);
	expect(hops(undefined, "")).toBe(1);
});
