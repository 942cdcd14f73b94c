/** An address that names nothing. */
import { Compass } from "lucide-react";
import Link from "next/link";
import { texts } from "@/lib/client/texts";
import { buttonClass } from "./_ui/button";
import { Empty } from "./_ui/empty";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col justify-center">
      <Empty icon={Compass} title={texts.errors.notFound} level={1}>
        <p>{texts.errors.notFoundHint}</p>
        <Link prefetch={false} href="/executions" className={buttonClass()}>
          {texts.errors.toExecutions}
        </Link>
      </Empty>
    </main>
  );
}
