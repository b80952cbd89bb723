import type { RunFields } from "../api/tracking";
import { Select } from "../kit/Field";
import { fieldId, isOwnTag } from "./fields";

/** What runs are grouped by: a field that is a text. */
export function GroupChooser({
  value,
  fields,
  onChange,
}: {
  value: string | undefined;
  fields: RunFields | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const options = [
    { value: "", label: "Not grouped" },
    { value: "status", label: "By status" },
    { value: "user", label: "By user" },
    ...(fields?.params ?? []).map(({ key }) => ({ value: fieldId("params", key), label: `By ${key}` })),
    ...(fields?.tags ?? [])
      .filter(({ key }) => !isOwnTag(key))
      .map(({ key }) => ({ value: fieldId("tags", key), label: `By tag ${key}` })),
  ];
  if (value && !options.some((option) => option.value === value)) options.push({ value, label: `By ${value}` });
  return (
    <Select label="Group runs" options={options} value={value ?? ""} onChange={(next) => onChange(next || undefined)} />
  );
}
