// Texts of the settings: accounts and appearance.
import type { TextArea } from "./texts.ts";

/** Texts of the settings: accounts and appearance. */
export const accountTexts = {
  selfTitle: "You and this browser",
  title: "Accounts",
  lead: "Each account has packages of its own. Nobody sees the packages of another.",
  owner: "Owner",
  member: "Member",
  columnName: "Username",
  columnRole: "Role",
  columnSince: "Since",
  columnActions: "Actions",
  shut: "Shut",
  open: "Open again",
  isShut: "shut",
  addTitle: "Add an account",
  add: "Add account",
  added: (username: string) => `The account “${username}” is ready. Tell its owner the password.`,
  passwordTitle: "Your password",
  passwordCurrent: "Current password",
  passwordNew: "New password",
  passwordChange: "Change password",
  passwordChanged: "Your password is changed. Other browsers are signed out.",
  appearanceTitle: "Appearance",
  appearanceLead: "Colours of this browser.",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  themeSave: "Save",
} satisfies TextArea;
