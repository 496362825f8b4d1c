// The tag of a batch, a case or a pallet: from the list to facts, as trace/queries/batch_codes and container_tags have
// them. What lies in a case no list says; of its label only the signature is known here.
import { fromBase64url, utf8 } from "./bytes.js";
import { signedText } from "./codes.js";
import { verify } from "./signatures.js";

// Fills in the facts; gives the batch's entry, or null where the list has none.
export async function tagFacts(code, list, facts) {
  const entry = code.kind === "batch" ? entryOf(code, list) : null, key = code.kid && list.head.keys[code.kid];
  facts.signature = await signatureOf(code, key, list.head.origin);
  if (code.kid) facts.key = !key ? "unknown" : distrusts(key, code) ? "distrusted" : "known";
  facts.code = entry && record(code, entry, list, facts);
  const vouched = key && facts.signature === "ok" && facts.code && has(entry, code) && entry.at_packing;
  if (!vouched) unfold(facts);
  return entry;
}

// A key that is not on the list says nothing, right or wrong; without one nothing is claimed.
async function signatureOf(code, key, origin) {
  if (!code.kid) return "absent";
  return !key || (await verify(fromBase64url(key.x, 32), utf8(signedText(origin, code)), code.signature)) ? "ok" : "bad";
}

// A distrusted key still speaks for the tags that were entered in the log before it was.
const distrusts = (key, code) => key.state === "distrusted" && !(key.tags || []).includes(code.element);

const has = (entry, code) => (entry.tags || []).some(([kid, element]) => kid === code.kid && element === code.element);

function entryOf(code, list) {
  if (code.batch) return JSON.parse(list.entries.get(code.batch) || "null");
  for (const text of list.entries.values()) {
    if (text.includes(JSON.stringify(code.element)) && has(JSON.parse(text), code)) return JSON.parse(text);
  }
  return null;
}

function record(code, entry, list, facts) {
  const licence = list.head.licences[entry.licence] || { today: { status: "none", halt: null } };
  const now = licence.today.status === "valid" && facts.today > licence.until ? { status: "expired", halt: null } : licence.today;
  const packed = entry.at_packing || { status: "valid", halt: null }, stops = list.head.stops || { keys: [], licences: [] };
  return {
    batch: entry.batch,
    enterprise: entry.producer || null,
    signed: facts.signature === "ok",
    one_pack: false,
    activated: true,
    void: Boolean(entry.withdrawn),
    recalled: entry.recalled !== "",
    licence_today: now.status,
    brand_halt_today: now.halt,
    licence_at_packing: packed.status,
    brand_halt_at_packing: packed.halt,
    shelf_life_ends: null,
    breaches_open: entry.breaches_open || 0,
    steps_missing: entry.steps_missing || 0,
    held: entry.held,
    stopped: stops.licences.includes(entry.licence) || (facts.signature === "ok" && stops.keys.includes(code.kid)),
    some_stopped: Boolean(entry.stopped),
    scans_before: null,
  };
}

// What nobody vouches for: what stands against the batch counts, the rest is not said.
function unfold(facts) {
  const code = facts.code;
  if (code && (code.void || code.recalled || code.held || code.stopped || code.some_stopped)) return;
  facts.code = null;
  facts.looked_up = false;
}
