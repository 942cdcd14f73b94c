/** The type of the values that a JSON Schema admits, as far as its words for shape go. */

/** JSON Schema, 2020-12. It is stored with the definition, so it must be data. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/**
 * What a value is that keeps to the schema: `type`, `properties`, `required`, `items`, `enum`, `const`, `anyOf` and
 * `oneOf` are understood, whatever else narrows the value is not seen. `unknown` where nothing says what it is.
 */
export type SchemaValue<Schema> = Schema extends { const: infer Value }
  ? Value
  : Schema extends { enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { anyOf: readonly (infer Option)[] } | { oneOf: readonly (infer Option)[] }
      ? SchemaValue<Option>
      : Schema extends { type: infer Type }
        ? ValueOfType<Type, Schema>
        : Schema extends { properties: object }
          ? ObjectValue<Schema>
          : unknown;

type ValueOfType<Type, Schema> = Type extends readonly (infer Each)[]
  ? ValueOfType<Each, Schema>
  : Type extends "string"
    ? string
    : Type extends "number" | "integer"
      ? number
      : Type extends "boolean"
        ? boolean
        : Type extends "null"
          ? null
          : Type extends "array"
            ? Schema extends { items: infer Item }
              ? SchemaValue<Item>[]
              : unknown[]
            : Type extends "object"
              ? ObjectValue<Schema>
              : unknown;

type ObjectValue<Schema> = Schema extends { properties: infer Properties }
  ? {
      -readonly [K in keyof Properties as K extends RequiredOf<Schema> ? K : never]: SchemaValue<Properties[K]>;
    } & {
      -readonly [K in keyof Properties as K extends RequiredOf<Schema> ? never : K]?: SchemaValue<Properties[K]>;
    } extends infer Value
    ? { [K in keyof Value]: Value[K] }
    : never
  : { [member: string]: unknown };

type RequiredOf<Schema> = Schema extends { required: readonly (infer Name)[] } ? Name : never;
