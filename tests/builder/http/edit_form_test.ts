import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { editOfForm } from "../../../builder/http/edit_form.ts";

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

Deno.test("editOfForm() puts the fields that a person fills in into the edit", () => {
  const { baseRevision, edit, then } = editOfForm(form({
    csrf: "x",
    baseRevision: "12",
    edit: '{"kind":"node.change","fields":{"title":"old"}}',
    "set.fields.title": "new\r\nline",
    "set.fields.goal": "g",
    then: "/packages/p1",
  }));
  strictEqual(baseRevision, 12);
  deepStrictEqual(edit, { kind: "node.change", fields: { title: "new\nline", goal: "g" } });
  strictEqual(then, "/packages/p1");
});

Deno.test("editOfForm() touches no prototype and leads nowhere else", () => {
  const { edit, then } = editOfForm(form({
    baseRevision: "0",
    edit: "{}",
    "set.__proto__.polluted": "yes",
    "set.constructor.prototype.polluted": "yes",
    then: "//evil.example",
  }));
  strictEqual(({} as Record<string, unknown>).polluted, undefined);
  strictEqual(Object.hasOwn(edit as object, "__proto__"), true);
  strictEqual(then, "/packages");
});

Deno.test("editOfForm() refuses a form without revision or edit", () => {
  const fields = [
    { edit: "{}" },
    { baseRevision: "", edit: "{}" },
    { baseRevision: "-1", edit: "{}" },
    { baseRevision: "1.5", edit: "{}" },
    { baseRevision: "1" },
    { baseRevision: "1", edit: "{" },
  ];
  for (const each of fields) {
    throws(() => editOfForm(form(each as Record<string, string>)), { code: "REQUEST_INVALID" });
  }
});
