// Who may call next, when there are more http steps than places.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Places } from "@/lib/engine/http-steps/places";

it("gives no namespace more than its share", () => {
  const places = new Places(8, 6);
  places.hope(1);
  expect(places.take()).toEqual({ namespaceId: 1, count: 6 });
  places.hope(1);
  expect(places.take()).toBeNull();
  places.hope(2);
  expect(places.take()).toEqual({ namespaceId: 2, count: 2 });
});

it("shares what is free among those that hope, in the order in which they began to", () => {
  const places = new Places(8, 8);
  for (const namespaceId of [3, 1, 2]) places.hope(namespaceId);
  expect([places.take(), places.take(), places.take(), places.take()]).toEqual([
    { namespaceId: 3, count: 3 },
    { namespaceId: 1, count: 3 },
    { namespaceId: 2, count: 2 },
    null,
  ]);
});

it("remembers who hoped in vain, and passes it by while it has its share", () => {
  const places = new Places(2, 1);
  places.hope(1);
  expect(places.take()).toEqual({ namespaceId: 1, count: 1 });
  places.hope(1);
  places.hope(2);
  expect(places.take()).toEqual({ namespaceId: 2, count: 1 });
  expect(places.take()).toBeNull();
  places.giveBack(1, 1);
  expect(places.take()).toEqual({ namespaceId: 1, count: 1 });
});

it("never has more taken than there are, and serves everybody who hopes once all is given back", () => {
  const step = fc.record({ namespaceId: fc.integer({ min: 1, max: 5 }), hopes: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step), (share, steps) => {
      const total = 6;
      const places = new Places(total, share);
      const taken: { namespaceId: number; count: number }[] = [];
      const hoping = new Set<number>();
      const takeAll = () => {
        for (let turn = places.take(); turn !== null; turn = places.take()) {
          taken.push(turn);
          hoping.delete(turn.namespaceId);
        }
        const of = (wanted?: number) =>
          taken
            .filter(({ namespaceId }) => wanted === undefined || namespaceId === wanted)
            .reduce((sum, { count }) => sum + count, 0);
        expect(of()).toBeLessThanOrEqual(total);
        for (const namespaceId of [1, 2, 3, 4, 5]) expect(of(namespaceId)).toBeLessThanOrEqual(share);
      };
      for (const { namespaceId, hopes } of steps) {
        if (hopes) {
          places.hope(namespaceId);
          hoping.add(namespaceId);
        } else for (const { namespaceId, count } of taken.splice(0, 1)) places.giveBack(namespaceId, count);
        takeAll();
      }
      while (taken.length > 0) {
        for (const { namespaceId, count } of taken.splice(0)) places.giveBack(namespaceId, count);
        takeAll();
      }
      expect([...hoping]).toEqual([]);
    }),
  );
});
