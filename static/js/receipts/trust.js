// The registry's list of keys as this phone holds it: by the trust keys it met first, and never an older list.
import { fromBase64url, hex } from "../inspector/bytes.js";
import { body, parse, refusal, verified, verifier, vkey } from "./notes.js";
import * as store from "./store.js";

async function text(address) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" }).catch(() => null);
  if (!answer || !answer.ok) throw refusal("receipts.no_network");
  return answer.text();
}

// The list held here, or null before the first one.
export const held = async () => (await store.get("bundle")) || null;

// Ask for the newest list. What no key held here signed, or what is older than a list seen before, changes nothing.
export async function fetchNewest(origin) {
  const pinned = (await store.get("vkeys")) || (await text("/trust/vkeys")).split("\n").filter(Boolean);
  const note = parse(await text("/trust/bundle")), bundle = body(note, "trust-bundle");
  await verified(note, await Promise.all(pinned.map(vkey))).catch(() => { throw refusal("receipts.trust_changed"); });
  const newest = (await store.get("newest")) || 0;
  if (bundle.origin !== origin || !Number.isSafeInteger(bundle.version)) throw refusal("trust.shape");
  if (bundle.version < newest) throw refusal("trust.older", { version: bundle.version, newest });
  await store.put("vkeys", await trustKeys(bundle));
  await store.put("newest", bundle.version);
  await store.put("bundle", bundle);
  return bundle;
}

// The trust keys that a good list names take the place of those it was checked by: so a turned key is followed.
async function trustKeys(bundle) {
  const name = `${bundle.origin}/trust`, lines = [];
  for (const one of bundle.keys.filter((each) => each.role === "trust" && each.state === "active")) {
    const key = await verifier(name, fromBase64url(one.public_key, 32));
    lines.push(`${name}+${hex(key.id)}+${btoa(String.fromCharCode(1, ...key.raw))}`);
  }
  return lines;
}

export async function keys(bundle, role, name) {
  const found = [];
  for (const one of bundle.keys.filter((each) => each.role === role)) {
    const raw = fromBase64url(one.public_key, 32);
    if (raw) found.push({ ...(await verifier(name, raw)), told: one });
  }
  return found;
}
