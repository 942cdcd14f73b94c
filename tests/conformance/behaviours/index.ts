/** All of them, by area. */
import type { Behaviour } from "../behaviour";
import { choices, joins } from "./flow";
import { loops } from "./loops";
import { tasks } from "./tasks";

export const AREAS: { readonly [area: string]: readonly Behaviour[] } = {
  tasks,
  "choices and ends": choices,
  "joins and failures": joins,
  loops,
};
