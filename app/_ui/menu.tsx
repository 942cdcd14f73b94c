"use client";
/** A menu under a button: actions by name and icon, those that cannot be undone in red and apart from the others. */
import { lazy, useState } from "react";
import type { MenuProps } from "./menu-parts";
import { OnDemand } from "./on-demand";

const load = () => import("./menu-layer");
const Layer = lazy(load);

export function Menu(props: MenuProps) {
  const [isWanted, setWanted] = useState(false);
  return (
    <OnDemand trigger={props.trigger} opens="menu" isWanted={isWanted} onWanted={() => setWanted(true)} load={load}>
      <Layer {...props} />
    </OnDemand>
  );
}
