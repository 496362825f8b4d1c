// From a code and the list on the telephone to facts, and from facts to the verdict.
import { fromBase64url, utf8 } from "./bytes.js";
import { signedText } from "./codes.js";
import { holds } from "./lists.js";
import { verify } from "./signatures.js";
import { tagFacts } from "./tags.js";
import { decide } from "./verdicts.js";

const LEEWAY = 5 * 60 * 1000;

// A moment's day in China, which keeps no summer time.
export const day = (moment) => new Date(moment + 8 * 3600 * 1000).toISOString().slice(0, 10);

// {verdict, entry, line, clock_back, signature, list_version}. `latest`: the latest moment ever known; a clock before it was set back.
export async function judge(code, list, now, latest) {
  const lists = { made_on: day(Date.parse(list.head.made_at)), good_until: day(Date.parse(list.head.good_until)) };
  const facts = { today: day(now), key: null, code: null, looked_up: true, lists };
  const { entry, line } = code.kind === "pack" ? await packFacts(code, list, facts) : { entry: await tagFacts(code, list, facts), line: null };
  const clock_back = now + LEEWAY < latest;
  const verdict = clock_back ? doubted(decide(facts), latest) : decide(facts);
  return { verdict, entry, line, clock_back, signature: facts.key === "unknown" ? "unknown" : facts.signature, list_version: list.head.version };
}

async function packFacts(code, list, facts) {
  const entry = entryOf(code, list);
  facts.signature = await signatureOf(code, entry, list, facts);
  const line = entry ? lineOf(entry, code.serial) : null;
  if (!entry) facts.looked_up = false;
  else facts.code = record(code, entry, line, list, facts.today);
  if (facts.code && (!line || !issued(facts))) unfold(facts);
  return { entry, line };
}

// Dates prove nothing on a telephone whose clock was set back: never green, and said first below what is red.
function doubted(verdict, latest) {
  const why = { code: "inspector.clock_back", weight: "amber", params: { latest: new Date(latest + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ") } };
  const red = verdict.reasons.filter((one) => one.weight === "red");
  const others = verdict.reasons.filter((one) => one.weight !== "red");
  return { colour: red.length ? "red" : "amber", reasons: [...red, why, ...others] };
}

// By batch, or by the GTIN and lot that an entry tells of its orders.
function entryOf(code, list) {
  if (code.batch) return JSON.parse(list.entries.get(code.batch) || "null");
  const wanted = JSON.stringify(code.goods);
  for (const text of list.entries.values()) {
    const entry = text.includes(wanted) ? JSON.parse(text) : null;
    if (entry && entry.goods.includes(code.goods) && (!code.kid || speaks(code.kid, entry, list))) {
      code.batch = entry.batch;
      return entry;
    }
  }
  return null;
}

// Only a signature shows without a network that a code was issued: whoever types one may have invented it.
const issued = (facts) => facts.signature !== "typed" && (facts.code.signed || facts.signature === "ok");

// A key of the batch's own orders, or another of the holder of its licence: what was ordered since the list was made may
// have that. Anybody else's never signed a pack of it, as in trace/queries/verification.
function speaks(kid, entry, list) {
  const key = list.head.keys[kid];
  return entry.kids.includes(kid) || Boolean(key) && (key.licences || []).includes(entry.licence);
}

async function signatureOf(code, entry, list, facts) {
  if (!code.kid) {
    if (entry && unspoken(entry, code.serial)) facts.key = "distrusted";
    return code.typed ? "typed" : "absent";
  }
  const key = list.head.keys[code.kid];
  facts.key = !key ? "unknown" : distrusts(key, code, entry) ? "distrusted" : "known";
  if (!key) return "ok";
  if (entry && !speaks(code.kid, entry, list)) return "bad";
  return (await verify(fromBase64url(key.x, 32), utf8(signedText(list.head.origin, code)), code.signature)) ? "ok" : "bad";
}

// A distrusted key still speaks for what was entered in the log before it was: the batch's entry says for which packs not.
function distrusts(key, code, entry) {
  if (key.state !== "distrusted") return false;
  const said = entry && entry.distrusted;
  return !said || !(code.kid in said) || holds(said[code.kid], code.serial);
}

// A label whose signature was not read has the key of its order all the same.
const unspoken = (entry, serial) => Object.values(entry.distrusted || {}).some((those) => holds(those, serial));

function lineOf(entry, serial) {
  if (!entry.lines) return null;
  const sets = entry.serials || {};
  const named = Object.keys(sets).find((id) => holds(sets[id], serial));
  return entry.lines.find((one) => (named ? one.id === named : !(one.id in sets))) || null;
}

function record(code, entry, line, list, today) {
  const licence = list.head.licences[entry.licence] || { today: { status: "none", halt: null } };
  const now = licence.today.status === "valid" && today > licence.until ? { status: "expired", halt: null } : licence.today;
  const packed = line ? line.at_packing : { status: "valid", halt: null };
  const isVoid = holds(entry.void, code.serial);
  return {
    batch: entry.batch,
    enterprise: entry.producer || null,
    signed: !holds(entry.unsigned, code.serial),
    one_pack: true,
    activated: isVoid || !holds(entry.idle, code.serial),
    void: isVoid,
    recalled: entry.recalled !== "",
    licence_today: now.status,
    brand_halt_today: now.halt,
    licence_at_packing: packed.status,
    brand_halt_at_packing: packed.halt,
    shelf_life_ends: line ? line.best_before : null,
    breaches_open: entry.breaches_open || 0,
    steps_missing: entry.steps_missing || 0,
    held: entry.held,
    stopped: holds(entry.stopped, code.serial),
    scans_before: null,
  };
}

// A pack whose facts are not carried: what stands against it counts, but nothing vouches for its dates and papers.
function unfold(facts) {
  const code = facts.code;
  if (code.void || code.recalled || !code.activated || code.held || code.stopped) return;
  facts.code = null;
  facts.looked_up = false;
}
