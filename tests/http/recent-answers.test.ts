// Answers are kept for as long as was said, shared by who asks at once, and forgotten where they failed.
import { describe, expect, test } from "vitest";
import { RecentAnswers } from "@/lib/http/recent-answers";

function recent() {
  const clock = { time: 0, now: () => clock.time };
  let reads = 0;
  return { clock, answers: new RecentAnswers(clock), read: async () => ++reads };
}

describe("an answer", () => {
  test("is kept until its time is up", async () => {
    const { clock, answers, read } = recent();
    expect(await answers.answer("a", 1000, read)).toBe(1);
    clock.time = 999;
    expect(await answers.answer("a", 1000, read)).toBe(1);
    clock.time = 1000;
    expect(await answers.answer("a", 1000, read)).toBe(2);
  });

  test("is read once for all who ask at once, and for each key by itself", async () => {
    const { answers, read } = recent();
    const asked = ["a", "a", "b"].map((key) => answers.answer(key, 1000, read));
    expect(await Promise.all(asked)).toEqual([1, 1, 2]);
  });

  test("that failed is asked for again", async () => {
    const { answers, read } = recent();
    const failing = () => Promise.reject(new Error("away"));
    await expect(answers.answer("a", 1000, failing)).rejects.toThrow("away");
    expect(await answers.answer("a", 1000, read)).toBe(1);
  });

  test("gives way to newer ones where there are too many", async () => {
    const { answers, read } = recent();
    for (let i = 0; i <= 1000; i++) await answers.answer(`${i}`, 1000, async () => i);
    expect(await answers.answer("1", 1000, read)).toBe(1);
    expect(await answers.answer("0", 1000, read)).toBe(1);
  });
});
