/** The namespace that this page is about: it was drawn for one, and stays in it whatever another tab chooses meanwhile. */

/** Written into the document by the frame of the rooms. */
export const NAMESPACE_META = "cerebelum-namespace";

/** The header that every call of the page carries; none on pages outside of a namespace. */
export function namespaceHeader(): Record<string, string> {
  const name = document.querySelector<HTMLMetaElement>(`meta[name="${NAMESPACE_META}"]`)?.content;
  return name ? { "x-cerebelum-namespace": name } : {};
}
