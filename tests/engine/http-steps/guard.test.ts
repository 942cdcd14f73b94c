// What an http step must not reach, in every way it can be written, and what a setting allows all the same.
import { describe, expect, it, test } from "vitest";
import { parseAllowList } from "@/lib/engine/http-steps/allow-list";
import { guardFor } from "./server";

const strict = guardFor({}, "");

function judge(url: string, guard = strict) {
  return guard.judge(new URL(url));
}

describe("an address in a URL", () => {
  test.each([
    ["loopback", "http://127.0.0.1/"],
    ["loopback, elsewhere in its range", "http://127.8.8.8/"],
    ["loopback as one decimal number", "http://2130706433/"],
    ["loopback in octal", "http://0177.0.0.1/"],
    ["loopback in hexadecimal", "http://0x7f000001/"],
    ["loopback in mixed and shortened form", "http://0x7f.1/"],
    ["loopback in full-width digits", "http://１２７.０.０.１/"],
    ["loopback, percent-encoded", "http://%31%32%37.0.0.1/"],
    ["loopback with a dot at the end", "http://127.0.0.1./"],
    ["loopback in IPv6", "http://[::1]/"],
    ["loopback in IPv6, written out", "http://[0000:0:0:0:0:0:0:0001]/"],
    ["IPv4-mapped loopback", "http://[::ffff:127.0.0.1]/"],
    ["IPv4-mapped loopback in hexadecimal", "http://[::ffff:7f00:1]/"],
    ["IPv4-compatible loopback", "http://[::127.0.0.1]/"],
    ["IPv4-translated loopback", "http://[::ffff:0:127.0.0.1]/"],
    ["loopback behind NAT64", "http://[64:ff9b::127.0.0.1]/"],
    ["a private address behind NAT64", "http://[64:ff9b::a00:1]/"],
    ["NAT64 for local use", "http://[64:ff9b:1::8.8.8.8]/"],
    ["loopback in 6to4", "http://[2002:7f00:1::]/"],
    ["Teredo", "http://[2001:0:7f00:1::]/"],
    ["unspecified", "http://0.0.0.0/"],
    ["this network", "http://0.1.2.3/"],
    ["unspecified in IPv6", "http://[::]/"],
    ["private, class A", "http://10.0.0.1/"],
    ["private, class B", "http://172.16.0.1/"],
    ["private, last of class B", "http://172.31.255.255/"],
    ["private, class C", "http://192.168.1.1/"],
    ["shared by a carrier", "http://100.64.0.1/"],
    ["metadata of Alibaba Cloud", "http://100.100.100.200/"],
    ["metadata", "http://169.254.169.254/latest/meta-data/"],
    ["metadata, IPv4-mapped", "http://[::ffff:a9fe:a9fe]/"],
    ["metadata in IPv6", "http://[fd00:ec2::254]/"],
    ["metadata of Azure", "http://168.63.129.16/"],
    ["metadata of Oracle Cloud", "http://192.0.0.192/"],
    ["documentation", "http://203.0.113.7/"],
    ["documentation in IPv6", "http://[2001:db8::1]/"],
    ["documentation in IPv6, newer", "http://[3fff::1]/"],
    ["benchmarks", "http://198.18.0.1/"],
    ["multicast", "http://224.0.0.1/"],
    ["reserved", "http://240.0.0.1/"],
    ["broadcast", "http://255.255.255.255/"],
    ["unique local", "http://[fd12:3456::1]/"],
    ["link-local in IPv6", "http://[fe80::1]/"],
    ["site-local in IPv6", "http://[fec0::1]/"],
    ["multicast in IPv6", "http://[ff02::1]/"],
    ["never given out in IPv6", "http://[4000::1]/"],
  ])("is refused: %s", async (_, url) => {
    await expect(judge(url)).rejects.toMatchObject({ reason: "refused", message: expect.stringContaining("private") });
  });

  test.each([
    ["http://8.8.8.8/", "8.8.8.8"],
    ["https://172.32.0.1/", "172.32.0.1"],
    ["https://[2606:4700:4700::1111]/", "2606:4700:4700::1111"],
    ["https://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808"],
  ])("may be called where it is public: %s", async (url, address) => {
    expect(await judge(url)).toMatchObject([{ address }]);
  });

  it("cannot name a zone", () => {
    expect(URL.canParse("http://[fe80::1%25eth0]/")).toBe(false);
  });
});

describe("a name", () => {
  const names = {
    "inside.test": ["10.0.0.5"],
    "outside.test": ["8.8.8.8", "2606:4700:4700::1111"],
    "both.test": ["8.8.8.8", "10.0.0.5"],
    "scoped.test": ["fe80::1%eth0"],
    "nothing.test": [],
  };
  const guard = guardFor(names, "");

  it("is refused where it leads to a private address", async () => {
    await expect(judge("http://inside.test/", guard)).rejects.toMatchObject({ reason: "refused" });
  });

  it("is refused where only one of its addresses is private", async () => {
    await expect(judge("http://both.test/", guard)).rejects.toMatchObject({ reason: "refused" });
  });

  it("is refused where its address names a zone", async () => {
    await expect(judge("http://scoped.test/", guard)).rejects.toMatchObject({ reason: "refused" });
  });

  it("is called at the addresses that were judged", async () => {
    expect(await judge("http://outside.test/", guard)).toEqual([
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700:4700::1111", family: 6 },
    ]);
  });

  it("is tried again later where it has no address", async () => {
    await expect(judge("http://nothing.test/", guard)).rejects.toMatchObject({ reason: "network" });
    await expect(judge("http://unknown.test/", guard)).rejects.toMatchObject({ code: "ENOTFOUND" });
  });

  it("does not tell in its refusal where it leads", async () => {
    await expect(judge("http://inside.test/?token=secret", guard)).rejects.not.toThrow(/10\.0\.0\.5|secret/);
  });
});

describe("whatever it leads to", () => {
  test.each(["ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "data:text/plain,x"])(
    "%s is refused: only http and https are called",
    async (url) => {
      await expect(judge(url)).rejects.toMatchObject({ reason: "refused" });
    },
  );

  it("credentials in the URL are refused, and not repeated", async () => {
    await expect(judge("http://user:hunter2@8.8.8.8/")).rejects.toMatchObject({ reason: "refused" });
    await expect(judge("http://user:hunter2@8.8.8.8/")).rejects.not.toThrow(/hunter2/);
  });

  test.each([25, 22, 53, 445, 1023])("port %i is refused", async (port) => {
    await expect(judge(`http://8.8.8.8:${port}/`)).rejects.toMatchObject({ reason: "refused" });
  });

  test.each([80, 443, 1024, 8443, 65535])("port %i may be called", async (port) => {
    expect(await judge(`http://8.8.8.8:${port}/`)).toHaveLength(1);
  });
});

describe("the setting", () => {
  const names = {
    "inside.test": ["10.0.0.5"],
    "mixed.test": ["10.0.0.5", "192.168.0.1"],
    "metadata.test": ["169.254.169.254"],
  };
  const allowing = (setting: string) => guardFor(names, setting);

  test.each([
    ["10.0.0.0/8", "http://inside.test/"],
    ["10.0.0.5", "http://10.0.0.5/"],
    ["10.0.0.5", "http://[::ffff:10.0.0.5]/"],
    ["10.0.0.5", "http://10.0.0.5:22/"],
    ["fd00::/8", "http://[fd12::1]/"],
    ["::1", "http://[::1]/"],
    ["inside.test", "http://INSIDE.test/"],
    ["Inside.Test.", "http://inside.test:25/"],
    ["192.168.0.0/16, 10.0.0.0/8", "http://mixed.test/"],
    ["0.0.0.0/0", "http://metadata.test/"],
  ])("%s allows %s", async (setting, url) => {
    expect((await judge(url, allowing(setting))).length).toBeGreaterThan(0);
  });

  test.each([
    ["10.0.0.0/24", "http://10.0.1.5/"],
    ["10.0.0.0/8", "http://mixed.test/"],
    ["inside.test", "http://metadata.test/"],
    ["inside.test", "http://10.0.0.5/"],
    ["test", "http://inside.test/"],
    ["::/0", "http://10.0.0.5/"],
  ])("%s does not allow %s", async (setting, url) => {
    await expect(judge(url, allowing(setting))).rejects.toMatchObject({ reason: "refused" });
  });

  it("opens no low port of a public host beside the one it allows", async () => {
    const guard = guardFor({ "half.test": ["10.0.0.5", "8.8.8.8"] }, "10.0.0.0/8");
    await expect(judge("http://half.test:25/", guard)).rejects.toMatchObject({ reason: "refused" });
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0",
    "300.1.1.1",
    "http://inside.test",
    "inside.test:80",
    "a b",
    "*.test",
    "10.0.0.0/8,,",
  ])("%s is wrong", (setting) => {
    expect(parseAllowList(setting)).toBeNull();
  });
});
