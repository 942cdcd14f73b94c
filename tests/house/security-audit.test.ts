// Packages with known weaknesses: what fails the rules, what excuses it for a while, and what is only told.
import { describe, expect, test } from "vitest";
import { judge } from "../../scripts/audit-packages.mjs";

const NOW = new Date("2026-06-01T12:00:00Z");
const URL_OF_IT = "https://github.com/advisories/GHSA-walk";
const advisory = (severity: string) => ({ source: 1, title: "Reads what it should not", url: URL_OF_IT, severity });
const report = (severity: string) =>
  `npm warn something\n${JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      weak: { name: "weak", severity, via: [advisory(severity)] },
      user: { name: "user", severity, via: ["weak"] },
    },
  })}\n`;
const excuse = (until: string) => ({ advisory: URL_OF_IT, until, reason: "never reached from here" });

describe("a weakness", () => {
  test("one that nobody has excused fails, with its packages and its advisory", () => {
    for (const severity of ["high", "critical"]) {
      const { code, output } = judge(report(severity), [], NOW);
      expect([code, output]).toEqual([1, `weak: ${severity}: Reads what it should not, ${URL_OF_IT}`]);
    }
  });

  test("that is not grave passes", () => {
    expect(judge(report("moderate"), [], NOW)).toEqual({ code: 0, output: "" });
  });

  test("is excused to the end of a day, and no longer", () => {
    expect(judge(report("high"), [excuse("2026-06-01")], NOW).code).toBe(0);
    expect(judge(report("high"), [excuse("2026-05-31")], NOW).code).toBe(1);
  });
});

test.each([{ ...excuse("2026-06-01"), reason: "" }, { ...excuse("soon") }, { ...excuse("2026-06-01"), advisory: "" }])(
  "an excuse that lacks something is none: %j",
  (lacking) => {
    expect(judge(report("low"), [lacking], NOW).code).toBe(1);
  },
);

test.each(["", "npm error code ENOTFOUND", '{"message":"405 Method Not Allowed","statusCode":405}'])(
  "a registry that cannot be asked (%s) is told of, and fails nothing",
  (output) => {
    expect(judge(output, [], NOW)).toEqual({ code: 0, output: expect.any(String), skipped: true });
  },
);
