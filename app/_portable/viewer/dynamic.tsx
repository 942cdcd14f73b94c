/** `next/dynamic` as far as a file needs it: all is in the file, so that nothing but a tick is waited for. */
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";

export default function dynamic<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { loading }: { ssr?: boolean; loading?: () => ReactNode } = {},
): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  return function Dynamic(props: Props) {
    return (
      <Suspense fallback={loading?.()}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}
