"use client";
/** A list of things with fields of their own, such as the cases of a choice: added, taken out, and put in another order. */
import { ArrowDown, ArrowUp, GripVertical } from "lucide-react";
import { type ReactNode, useState } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { pointerOf } from "@/lib/editor/fields/place-at";
import { itemSeed } from "@/lib/editor/fields/seeds";
import { classNames } from "../../_ui/class-names";
import { FieldShell } from "./field-shell";
import { type FieldProps, LineField } from "./line-field";
import { AddButton, RemoveButton } from "./list-fields";
import { useBound } from "./subject";

export function RowsField({ field, path, draw }: FieldProps & { draw: (field: FormField, path: Path) => ReactNode }) {
  const { value, set, isReadOnly } = useBound(path);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  // The name of the thing stands where its title would.
  const title = field.fields.find(({ control }) => control === "name");
  const items = Array.isArray(value) ? value : [];
  const move = (from: number, to: number) => {
    if (from !== to && to >= 0 && to < items.length) set(reordered(items, from, to));
  };
  return (
    <FieldShell label={words.label(field.name)} path={path} hint={hintOf(field)} isOptional={field.isOptional} isGroup>
      {({ id }) => (
        <div id={id} className="flex flex-col gap-2">
          <ol className="flex flex-col gap-3">
            {items.map((_, i) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: it has nothing else that stays while it is typed
                key={i}
                data-path={pointerOf([...path, i])}
                onDragOver={(event) => {
                  if (dragged === null) return;
                  event.preventDefault();
                  setOver(i);
                }}
                onDrop={() => dragged !== null && move(dragged, i)}
                className={classNames(
                  "flex flex-col gap-1.5 border-b pb-3",
                  dragged === i && "opacity-50",
                  over === i && dragged !== null && dragged !== i && "border-accent",
                )}
              >
                <Head
                  name={words.item(field.name, i + 1)}
                  isReadOnly={isReadOnly}
                  isFirst={i === 0}
                  isLast={i === items.length - 1}
                  onMove={(by) => move(i, i + by)}
                  onRemove={items.length > 1 || field.isOptional ? () => set(items.filter((_, at) => at !== i)) : null}
                  onDrag={(isDragged) => {
                    setDragged(isDragged ? i : null);
                    setOver(null);
                  }}
                >
                  {title && (
                    <LineField
                      isBare
                      isLabelHidden
                      field={{ ...title, description: null }}
                      path={[...path, i, ...title.path]}
                    />
                  )}
                </Head>
                {field.fields
                  .filter((each) => each !== title)
                  .map((each) => draw({ ...each, description: null }, [...path, i, ...each.path]))}
              </li>
            ))}
          </ol>
          {!isReadOnly && <AddButton name={words.add} onClick={() => set([...items, itemSeed(field.name, items)])} />}
        </div>
      )}
    </FieldShell>
  );
}

function reordered(items: readonly JsonValue[], from: number, to: number): JsonValue[] {
  const rest = items.filter((_, i) => i !== from);
  const moved = items[from];
  return moved === undefined ? [...items] : [...rest.slice(0, to), moved, ...rest.slice(to)];
}

function Head({
  name,
  isReadOnly,
  isFirst,
  isLast,
  onMove,
  onRemove,
  onDrag,
  children,
}: {
  name: string;
  isReadOnly: boolean;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: 1 | -1) => void;
  onRemove: (() => void) | null;
  onDrag: (isDragged: boolean) => void;
  /** Stands in the place of its name. */
  children: ReactNode;
}) {
  return (
    <div className="flex items-start gap-0.5">
      {!isReadOnly && (
        <button
          type="button"
          draggable
          aria-label={words.drag(name)}
          title={words.drag(name)}
          onDragStart={() => onDrag(true)}
          onDragEnd={() => onDrag(false)}
          onKeyDown={(event) => {
            if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
            event.preventDefault();
            onMove(event.key === "ArrowUp" ? -1 : 1);
          }}
          className="inline-flex h-8 w-5 shrink-0 cursor-grab items-center justify-center rounded-sm text-ink-3 hover:bg-hover"
        >
          <GripVertical aria-hidden size={12} />
        </button>
      )}
      <div className="min-w-0 flex-1">
        {children || <span className="block truncate text-2xs leading-8 font-medium text-ink-3">{name}</span>}
      </div>
      {!isReadOnly && (
        <>
          <MoveButton name={words.moveUp(name)} isDisabled={isFirst} onClick={() => onMove(-1)}>
            <ArrowUp aria-hidden size={12} />
          </MoveButton>
          <MoveButton name={words.moveDown(name)} isDisabled={isLast} onClick={() => onMove(1)}>
            <ArrowDown aria-hidden size={12} />
          </MoveButton>
          {onRemove && (
            <span className="flex h-8 items-center">
              <RemoveButton name={words.removeNamed(name)} onClick={onRemove} />
            </span>
          )}
        </>
      )}
    </div>
  );
}

function MoveButton({
  name,
  isDisabled,
  onClick,
  children,
}: {
  name: string;
  isDisabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={name}
      disabled={isDisabled}
      onClick={onClick}
      className="inline-flex h-8 w-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink disabled:opacity-30"
    >
      {children}
    </button>
  );
}
