/** Facts about this installation that its processes share. */
import type { Query } from "@/db/queries/query";

export function instanceSetting(name: string): Query<{ value: string }> {
  return { name: "instance-setting", text: "select value from instance_settings where name = $1", values: [name] };
}

/** The first value stays. */
export function keepInstanceSetting(name: string, value: string): Query<never> {
  return {
    name: "keep-instance-setting",
    text: "insert into instance_settings (name, value) values ($1, $2) on conflict (name) do nothing",
    values: [name, value],
  };
}
