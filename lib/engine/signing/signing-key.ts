/** Ed25519 keys as they are given, made, named and used. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

export interface SigningKey {
  /** See {@link keyIdOf}. */
  id: string;
  /** SPKI, DER. */
  publicKey: Buffer;
  privateKey: KeyObject;
}

/**
 * An Ed25519 private key in PKCS #8: PEM (line breaks may be written as `\n`), or the base64 of its DER. Null where the text
 * is none.
 */
export function parseSigningKey(text: string): SigningKey | null {
  try {
    const pem = text.replaceAll("\\n", "\n").trim();
    return pem.startsWith("-----")
      ? signingKey(createPrivateKey(pem))
      : signingKey(createPrivateKey({ key: Buffer.from(pem, "base64"), format: "der", type: "pkcs8" }));
  } catch {
    return null;
  }
}

/** @param der PKCS #8, as {@link privateDer} made it. Throws where it is none. */
export function storedSigningKey(der: Buffer): SigningKey {
  const key = signingKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  if (key === null) throw new Error("a stored signing key is not an Ed25519 key");
  return key;
}

export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ format: "der", type: "spki" });
  return { id: keyIdOf(der), publicKey: der, privateKey };
}

export function privateDer({ privateKey }: SigningKey): Buffer {
  return privateKey.export({ format: "der", type: "pkcs8" });
}

function signingKey(privateKey: KeyObject): SigningKey | null {
  if (privateKey.asymmetricKeyType !== "ed25519") return null;
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { id: keyIdOf(publicKey), publicKey, privateKey };
}

/** The first 32 hex digits of the fingerprint. */
export function keyIdOf(publicKey: Buffer): string {
  return fingerprintOf(publicKey).slice(0, 32);
}

/** SHA-256 of the public key (SPKI, DER), in hex. */
export function fingerprintOf(publicKey: Buffer): string {
  return createHash("sha256").update(publicKey).digest("hex");
}

export function signText(text: string, { privateKey }: SigningKey): Buffer {
  return sign(null, Buffer.from(text), privateKey);
}

/** False too where the key is none. */
export function isSignedBy(text: string, signature: Buffer, publicKey: Buffer): boolean {
  try {
    const key = createPublicKey({ key: publicKey, format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(text), key, signature);
  } catch {
    return false;
  }
}
