/** The steps of the workflow `first_order`, which the dashboard's first steps publish. */
import { fail, step } from "@cerebelum/sdk";

interface Order {
  order: string;
  total: number;
}

const reserveStock = step("reserve_stock", async ({ order }: Order) => ({ order, shelf: "A-12" }));

/** The first try never gets through: so that the retry can be watched. */
const chargeCard = step("charge_card", async ({ total }: Order, ctx) => {
  if (ctx.attempt === 1) fail({ code: "CARD_NETWORK_BUSY", message: "The card network did not answer in time" });
  ctx.log.info("Charged", { total });
  // Hand the key to whom you pay by, so that a second attempt charges nothing twice.
  return { charged: total, receipt: ctx.idempotencyKey };
});

const shipParcel = step("ship_parcel", async ({ order }: Order) => ({ parcel: `parcel of ${order}` }));

const releaseStock = step("release_stock", async ({ order }: Order) => ({ released: order }));

export const steps = [reserveStock, chargeCard, shipParcel, releaseStock];
