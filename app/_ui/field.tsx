/** Form fields: label above, hint or error below, wired for screen readers. */
import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

export const inputClass =
  "h-8 w-full rounded-md border border-line-strong bg-raised px-2.5 text-sm text-ink transition-colors hover:border-ink-3 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger";

export function Field({
  label,
  hint,
  error,
  optional,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  optional?: string;
  children: (props: { id: string; "aria-invalid"?: true; "aria-describedby"?: string }) => ReactNode;
}) {
  const id = useId();
  const said = error ?? hint;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between">
        <label htmlFor={id} className="text-xs font-medium text-ink">
          {label}
        </label>
        {optional && <span className="text-2xs text-ink-3">{optional}</span>}
      </div>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": said ? `${id}-said` : undefined })}
      {said && (
        <p
          id={`${id}-said`}
          role={error ? "alert" : undefined}
          className={classNames("text-xs", error ? "text-danger" : "text-ink-3")}
        >
          {said}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={classNames(inputClass, className)} {...rest} />;
}
