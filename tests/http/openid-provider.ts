// A little OpenID provider: says who somebody is to whoever asks by the book (code, PKCE, nonce), and what the test wants it to.
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Claims {
  sub: string;
  email: string;
  email_verified?: unknown;
  name?: string;
  nonce?: string;
}

export interface OpenIdProvider {
  issuer: string;
  client: { clientId: string; clientSecret: string };
  /** Whom it says it is next. */
  claims: Claims;
  /** Signs with a key that it does not publish. */
  forge: boolean;
  /** Answers of its token endpoint so far. */
  exchanged: number;
  close(): Promise<void>;
}

interface Grant {
  challenge: string;
  redirectUri: string;
  nonce: string;
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  const published = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const unknown = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const client = { clientId: "cerebelum", clientSecret: "a secret of the client" };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OpenIdProvider = {
    issuer,
    client,
    claims: { sub: "nobody", email: "nobody@example.com" },
    forge: false,
    exchanged: 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return provider;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", issuer);
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (url.pathname === "/.well-known/openid-configuration")
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
    if (url.pathname === "/keys")
      return json({
        keys: [{ ...published.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }],
      });
    if (url.pathname === "/authorize") return authorize(url.searchParams, response);
    if (url.pathname !== "/token") return json({}, 404);
    let body = "";
    for await (const chunk of request) body += chunk;
    const token = exchange(new URLSearchParams(body));
    return token === null ? json({ error: "invalid_grant" }, 400) : json(token);
  }

  /** The person agrees at once. */
  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const code = randomBytes(16).toString("hex");
    const redirectUri = asked.get("redirect_uri") ?? "";
    const isWhole =
      asked.get("client_id") === client.clientId &&
      asked.get("response_type") === "code" &&
      asked.get("code_challenge_method") === "S256" &&
      asked.get("scope")?.split(" ").includes("openid");
    if (!isWhole) return void response.writeHead(400).end();
    grants.set(code, { challenge: asked.get("code_challenge") ?? "", redirectUri, nonce: asked.get("nonce") ?? "" });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", asked.get("state") ?? "");
    response.writeHead(302, { location: back.href }).end();
  }

  function exchange(sent: URLSearchParams): object | null {
    const code = sent.get("code") ?? "";
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash("sha256")
      .update(sent.get("code_verifier") ?? "")
      .digest("base64url");
    const isClient = sent.get("client_id") === client.clientId && sent.get("client_secret") === client.clientSecret;
    if (grant === undefined || !isClient || challenge !== grant.challenge) return null;
    if (sent.get("redirect_uri") !== grant.redirectUri) return null;
    provider.exchanged += 1;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: issuer,
      aud: client.clientId,
      iat: now,
      exp: now + 300,
      nonce: grant.nonce,
      ...provider.claims,
    };
    const signed = `${base64url({ alg: "RS256", kid: "one", typ: "JWT" })}.${base64url(payload)}`;
    const { privateKey } = provider.forge ? unknown : published;
    const signature = createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url");
    return {
      access_token: "nothing to see",
      token_type: "Bearer",
      expires_in: 300,
      id_token: `${signed}.${signature}`,
    };
  }
}
