// Holds a receipt against the registry's receipt key, and against its log: the entry, the path, the signed checkpoint.
import { fromBase64, hex, utf8 } from "../inspector/bytes.js";
import { body, hash, parse, refusal, same, verified } from "./notes.js";
import { keys } from "./trust.js";

const TEXTS = ["act", "type", "subject", "at", "leaf_hash"];
const LEAF = new Uint8Array([0]), NODE = new Uint8Array([1]);

// What a receipt says, once a receipt key of the list fits; the same answers as trace/crypto/trust.receipt.
export async function receipt(written, bundle) {
  const note = parse(written), told = body(note, "receipt");
  const whole = TEXTS.every((one) => typeof told[one] === "string") && Number.isSafeInteger(told.index) && told.index >= 0;
  if (!whole || told.origin !== bundle.origin) throw refusal("receipts.shape");
  for (const key of await verified(note, await keys(bundle, "receipt", `${bundle.origin}/receipt`))) {
    const cut = key.told.distrusted_from;
    if (cut !== null && cut !== undefined && told.index >= cut) throw refusal("receipts.distrusted", { index: cut });
  }
  return told;
}

// Whether the log holds the entry of a receipt at its place; gives the size of the log that was shown.
export async function entry(proof, told, bundle) {
  const lines = proof.split("\n"), end = lines.indexOf("");
  const extra = lines[1].startsWith("extra ") ? fromBase64(lines[1].slice(6)) : null;
  if (lines[0] !== "c2sp.org/tlog-proof@v1" || !extra || lines[2] !== `index ${told.index}` || end < 3) throw refusal("receipts.other_proof");
  const leaf = await hash(LEAF, utf8(JSON.parse(new TextDecoder().decode(extra)).entry));
  if (hex(leaf) !== told.leaf_hash) throw refusal("receipts.not_in_log", { index: told.index });
  const checkpoint = parse(lines.slice(end + 1).join("\n"));
  const good = (await keys(bundle, "log", bundle.origin)).filter((one) => one.told.state !== "distrusted");
  await verified(checkpoint, good);
  const [origin, size, root] = checkpoint.text.split("\n"), path = lines.slice(3, end).map((one) => fromBase64(one, 32));
  if (origin !== bundle.origin || path.includes(null)) throw refusal("receipts.other_proof");
  const reached = await climb(leaf, told.index, Number(size), path);
  if (!reached || !same(reached, fromBase64(root, 32) || [])) throw refusal("receipts.not_in_log", { index: told.index });
  return Number(size);
}

// The root a path leads to (RFC 9162 section 2.1.3.2), or null when the path is not of that length.
async function climb(leaf, index, size, path) {
  if (!(index < size)) return null;
  let [place, last, found] = [index, size - 1, leaf];
  const half = (one) => Math.floor(one / 2);
  for (const one of path) {
    if (last === 0) return null;
    if (place % 2 || place === last) {
      found = await hash(NODE, one, found);
      while (place && place % 2 === 0) [place, last] = [half(place), half(last)];
    } else found = await hash(NODE, found, one);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? found : null;
}
