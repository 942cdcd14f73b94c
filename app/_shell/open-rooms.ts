"use client";
/** The rooms that the person's role opens. */
import { usePermissions } from "@/lib/client/permissions";
import type { Permission } from "@/lib/contract/permissions";
import { ROOMS, type RoomLink } from "./rooms";

export function useRooms(): RoomLink[] {
  return useOpen(ROOMS);
}

export function useOpen<T extends { needs: Permission | null }>(pages: readonly T[]): T[] {
  const permissions = usePermissions();
  return pages.filter(({ needs }) => needs === null || permissions.has(needs));
}
