import { expect, test } from "vitest";
import { parseSeed } from "../src/seed.ts";

test.each([
	["0", 0, 0],
	["7", 0, 7],
	["007", 0, 7],
	["4294967295", 0, 0xffffffff],
	["4294967296", 1, 0],
	["16045690984503111693", 0xdeadbeef, 0xcafef00d],
	["18446744073709551615", 0xffffffff, 0xffffffff],
])("%s is two words", (text, hi, lo) => {
	expect(parseSeed(text)).toEqual({ hi, lo });
});

test.each([
	"",
	" ",
	"-1",
	"+1",
	"1.0",
	"1e3",
	"0x10",
	"1 ",
	"1\n",
	"١",
	"18446744073709551616",
	"9".repeat(1000),
])("%j is not a seed", (text) => {
	expect(() => parseSeed(text)).toThrow(RangeError);
	expect(() => parseSeed(text)).toThrow(/whole number from 0 to 1844/);
});
