// Ed25519 as the service checks it (RFC 8032, strict): the browser's own where there is one, else a small library.
import { Point, verifyAsync } from "../../vendor/noble-ed25519@3.2.0/index.js";

let own;

// Whether the browser can: asked once, with the identity of an invented key.
async function browserCan() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(88, 0, 1).fill(102, 1), "Ed25519", false, ["verify"]);
    return true;
  } catch (_error) {
    return false;
  }
}

// R as the service takes it: browsers let its identity pass, and the library any R with a part of small order.
function strict(signature) {
  try {
    const r = Point.fromBytes(signature.subarray(0, 32));
    return !r.is0() && r.isTorsionFree();
  } catch (_error) {
    return false;
  }
}

export async function byBrowser(key, message, signature) {
  if (!strict(signature)) return false;
  const held = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", held, signature, message);
}

export async function byLibrary(key, message, signature) {
  try {
    return strict(signature) && await verifyAsync(signature, message, key, { zip215: false });
  } catch (_error) {
    return false;
  }
}

export async function verify(key, message, signature) {
  own = own === undefined ? await browserCan() : own;
  return own ? byBrowser(key, message, signature) : byLibrary(key, message, signature);
}
