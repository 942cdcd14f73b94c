/** Views of a room that people keep under a name: their own, or shared with everyone in the namespace. */
import { boolean, index, integer, pgEnum, pgTable, text, unique } from "drizzle-orm/pg-core";
import { VIEW_ROOMS } from "../../lib/contract/saved-views";
import { users } from "./auth";
import { instant, key } from "./columns";
import { namespaces } from "./namespaces";

export const viewRoom = pgEnum("view_room", VIEW_ROOMS);

export const savedViews = pgTable(
  "saved_views",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id")
      .notNull()
      .references(() => namespaces.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    room: viewRoom("room").notNull(),
    name: text("name").notNull(),
    /** What stands behind the question mark of the room's address. */
    query: text("query").notNull(),
    isShared: boolean("is_shared").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    unique("saved_views_name").on(t.namespaceId, t.userId, t.room, t.name),
    index("saved_views_of_room").on(t.namespaceId, t.room, t.id),
    index("saved_views_of_user").on(t.userId),
  ],
);
