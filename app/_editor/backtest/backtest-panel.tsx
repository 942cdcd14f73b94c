"use client";
/** The draft against what really happened. */

export function BacktestPanel() {
  return null;
}
