// The fields of a file that is YAML as a whole.
import { readYamlMap } from "../../schemas/yaml_map.ts";
import { FieldReader } from "./field_reader.ts";
import type { FindingList } from "./finding_list.ts";

/** A file that should be a map of YAML. */
export interface YamlFile {
  readonly text: string;
  readonly file: string;
  /** How to mend one that is none. */
  readonly hint: string;
}

/** Reads the file; one that is no map is a finding with its place and has no fields. */
export function yamlFields({ text, file, hint }: YamlFile, findings: FindingList): FieldReader {
  const read = readYamlMap(text, { subject: "The file", linesBefore: 0 });
  if (read.ok) {
    return new FieldReader(read.value.data, { file, findings, locate: read.value.locate });
  }
  const { message, line, column } = read.problem;
  findings.error({ code: "FLOW_YAML", file, message, hint, place: { line, column } });
  return new FieldReader({}, { file, findings, locate: () => undefined });
}
