/** All of them, by area. */
import type { Behaviour } from "../behaviour";
import { compensation } from "./compensation";
import { controls } from "./controls";
import { choices, joins } from "./flow";
import { handlers } from "./handlers";
import { loops } from "./loops";
import { maps } from "./maps";
import { PORTED } from "./scenarios";
import { tasks } from "./tasks";
import { waits } from "./waits";

export const AREAS: { readonly [area: string]: readonly Behaviour[] } = {
  tasks,
  "choices and ends": choices,
  "joins and failures": joins,
  loops,
  maps,
  "waits and children": waits,
  "handlers, rounds and values": handlers,
  compensation,
  controls,
  scenarios: PORTED,
};
