import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { hashPassword, isPassword } from "../../../builder/store/password.ts";

Deno.test("hashPassword() salts: the same password is stored differently each time", async () => {
  const [first, second] = [
    await hashPassword("correct horse"),
    await hashPassword("correct horse"),
  ];

  assert.notEqual(first, second);
  assert.match(first, /^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  assert.equal(await isPassword("correct horse", first), true);
  assert.equal(await isPassword("correct horsf", first), false);
});

Deno.test("isPassword() goes by the parameters that are stored, so that they can grow", async () => {
  const salt = new Uint8Array([1, 2, 3, 4]);
  const hash = scryptSync("correct horse", salt, 16, { N: 1024, r: 4, p: 1 }).toString("base64url");

  assert.equal(await isPassword("correct horse", `scrypt$1024$4$1$AQIDBA$${hash}`), true);
});

Deno.test("isPassword() takes nothing for somebody who is not there", async () => {
  for (const password of ["", "correct horse", "\0"]) {
    assert.equal(await isPassword(password, undefined), false);
  }
});
