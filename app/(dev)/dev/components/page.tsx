/** Every part of the pages in all its states, to look at while one works on them. Only in development: elsewhere it is not there. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";

export const metadata: Metadata = { title: "Components" };

export default async function ComponentsPage() {
  if (process.env.NODE_ENV !== "development") notFound();
  const { Components } = await import("./components");
  return <Components />;
}
