"use client";
/** A page that broke while it was drawn: nothing is lost, it can be drawn again. */
import { CircleAlert } from "lucide-react";
import Link from "next/link";
import { texts } from "@/lib/client/texts";
import { Button, buttonClass } from "./_ui/button";
import { Empty } from "./_ui/empty";

export default function PageBroke({ reset }: { error: Error; reset: () => void }) {
  return (
    <Empty icon={CircleAlert} title={texts.errors.pageBroke} level={1}>
      <p>{texts.errors.pageBrokeHint}</p>
      <div className="flex gap-2">
        <Button onClick={reset}>{texts.common.tryAgain}</Button>
        <Link prefetch={false} href="/executions" className={buttonClass("ghost")}>
          {texts.errors.toExecutions}
        </Link>
      </div>
    </Empty>
  );
}
