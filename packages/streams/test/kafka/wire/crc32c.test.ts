/** Tests the checksum against the published test values: RFC 3720, appendix B.4. */
import { expect, test } from "vitest";
import { crc32c } from "../../../src/kafka/wire/crc32c.ts";

test.each([
	["32 bytes of zeros", Buffer.alloc(32), 0x8a9136aa],
	["32 bytes of ones", Buffer.alloc(32, 0xff), 0x62a8ab43],
	["32 bytes, 0 to 31", Buffer.from([...Array(32).keys()]), 0x46dd794e],
	["the digits 1 to 9", Buffer.from("123456789"), 0xe3069283],
	["nothing", Buffer.alloc(0), 0],
])("%s", (_, bytes, checksum) => {
	expect(crc32c(bytes)).toBe(checksum);
});
