import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { hashPassword, isPassword } from "../../../builder/store/password.ts";
import { CHEAP_PASSWORDS } from "./temporary_store.ts";

Deno.test("hashPassword() salts: the same password is stored differently each time", async () => {
  const [first, second] = [
    await hashPassword("correct horse", CHEAP_PASSWORDS),
    await hashPassword("correct horse", CHEAP_PASSWORDS),
  ];

  assert.notEqual(first, second);
});

Deno.test("hashPassword() costs what OWASP asks for, unless told otherwise", async () => {
  const stored = await hashPassword("correct horse");

  assert.match(stored, /^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  assert.equal(await isPassword("correct horse", stored), true);
  assert.equal(await isPassword("correct horsf", stored), false);
});

Deno.test("isPassword() goes by the parameters that are stored, so that they can grow", async () => {
  const salt = new Uint8Array([1, 2, 3, 4]);
  const hash = scryptSync("correct horse", salt, 16, { N: 1024, r: 4, p: 1 }).toString("base64url");

  assert.equal(await isPassword("correct horse", `scrypt$1024$4$1$AQIDBA$${hash}`), true);
});

Deno.test("isPassword() takes nothing for somebody who is not there", async () => {
  assert.equal(await isPassword("correct horse", undefined), false);
  for (const password of ["", "correct horse", "\0"]) {
    assert.equal(await isPassword(password, undefined, CHEAP_PASSWORDS), false);
  }
});
