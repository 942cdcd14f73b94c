/** `next/link` as far as a file needs it: the rooms it would lead to are on a server, so that it leads nowhere. */
import type { AnchorHTMLAttributes } from "react";

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { href: unknown; prefetch?: boolean | null };

export default function Link({ href: _, prefetch: __, children, ...rest }: LinkProps) {
  return <a {...rest}>{children}</a>;
}
