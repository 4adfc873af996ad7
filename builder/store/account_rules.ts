// What a username and a password have to look like.
import { AppError } from "../../schemas/error.ts";

/** 3–32 letters, digits, `.`, `_`, `-`; a letter or digit first. */
export const USERNAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/;

/** Shortest password, in characters. */
export const PASSWORD_MIN_LENGTH = 8;

/** Longest password, in UTF-8 bytes: more is no stronger, and has to be hashed. */
export const PASSWORD_MAX_BYTES = 1024;

/** @throws AppError `ACCOUNT_INVALID` with `details.field` `username` */
export function checkUsername(username: string): void {
  if (USERNAME_PATTERN.test(username)) return;
  throw new AppError(
    "ACCOUNT_INVALID",
    `The username ${
      JSON.stringify(username.slice(0, 40))
    } cannot be used: it needs 3 to 32 letters, digits, ".", "_" or "-", with a letter or digit first`,
    { details: { field: "username" } },
  );
}

/** @throws AppError `ACCOUNT_INVALID` with `details.field` `password` */
export function checkPassword(password: string): void {
  const length = Array.from(password).length;
  const tooLong = new TextEncoder().encode(password).length > PASSWORD_MAX_BYTES;
  if (length >= PASSWORD_MIN_LENGTH && !tooLong) return;
  const fault = tooLong
    ? `is longer than ${PASSWORD_MAX_BYTES} bytes`
    : `has ${length} characters; it needs ${PASSWORD_MIN_LENGTH} or more`;
  throw new AppError("ACCOUNT_INVALID", `The password cannot be used: it ${fault}`, {
    details: { field: "password" },
  });
}

/** What makes usernames the same: case does not count. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}
