// Operations: the accounts of this installation, for its owner.
import { flag, list, record, ref } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const accounts = () => import("./accounts.ts");

/** `/accounts`. */
export const ACCOUNT_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listAccounts",
    method: "GET",
    path: "/accounts",
    tag: "accounts",
    access: "owner",
    summary: "All accounts, shut ones too, by name.",
    answers: { 200: { data: list(ref("Account")) } },
    handler: lazyCall(accounts, "listAccounts"),
  },
  {
    operationId: "getAccount",
    method: "GET",
    path: "/accounts/{userId}",
    tag: "accounts",
    access: "owner",
    summary: "An account.",
    answers: { 200: { data: ref("Account") } },
    errors: ["ACCOUNT_NOT_FOUND"],
    handler: lazyCall(accounts, "showAccount"),
  },
  {
    operationId: "changeAccount",
    method: "PATCH",
    path: "/accounts/{userId}",
    tag: "accounts",
    access: "owner",
    summary: "Shuts a member's account, or opens it again. Its packages stay.",
    body: { json: record({ isDisabled: flag }) },
    answers: { 200: { data: ref("Account") } },
    errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_INVALID"],
    handler: lazyCall(accounts, "changeAccount"),
  },
];
