// The signed list on the telephone: put together from what was sent, checked, and asked about one code.
import { fromBase64url, sha256, utf8 } from "./bytes.js";
import { Refusal } from "./codes.js";
import { call, enrolled } from "./device.js";
import * as lock from "./lock.js";
import { verify } from "./signatures.js";
import * as store from "./store.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", KEPT_CHARACTERS = 10, KEPT_BITS = 50;
let held;

lock.forgets(() => { held = undefined; });

// {head, text, kid, entries: code → text}, or undefined before the first one.
export async function current() {
  const kept = held ? undefined : await store.get("list");
  if (kept) {
    const { entries, ...rest } = await lock.unsealJson("list", kept);
    held = { ...rest, entries: new Map(entries) };
  }
  return held;
}

// Ask for the newest list; what is older than ours, not signed by the office or not whole is refused and changes nothing.
export async function fetchNewest() {
  const device = await enrolled(), had = await current();
  const told = await call("list", { since: had ? had.head.version : 0 });
  const key = told.keys[told.kid] && fromBase64url(told.keys[told.kid], 32), signature = fromBase64url(told.signature, 64);
  const message = utf8(`brandtrace/inspector-list/v1\n${device.origin}\n${told.kid}\n${told.head}`);
  if (!key || !signature || !(await verify(key, message, signature))) throw new Refusal("inspector.list_not_signed");
  const head = JSON.parse(told.head);
  if (head.origin !== device.origin) throw new Refusal("inspector.list_not_signed");
  const highest = (await store.get("highest")) || 0;
  if (head.version < highest) throw new Refusal("inspector.list_older", { version: head.version, ours: highest });
  const entries = told.since && had ? new Map(had.entries) : new Map();
  for (const code of told.gone) entries.delete(code);
  for (const text of told.entries) entries.set(JSON.parse(text).batch, text);
  const whole = [...entries.keys()].sort().map((code) => entries.get(code)).join("\n");
  if ((await sha256(whole)) !== head.digest) {
    await store.put("list", undefined);
    held = undefined;
    throw new Refusal("inspector.list_not_whole");
  }
  const list = { head, text: told.head, kid: told.kid, entries };
  await store.put("list", await lock.sealJson("list", { ...list, entries: [...entries] }));
  await store.put("highest", head.version);
  await seen(Date.parse(head.made_at));
  held = list;
  return list;
}

// The latest moment this telephone ever knew of: a clock that shows an earlier one was set back.
export async function seen(moment) {
  const latest = Math.max(moment, (await store.get("latest")) || 0);
  await store.put("latest", latest);
  return latest;
}

// The same look-up as trace/crypto/serial_sets.
export function holds(found, serial) {
  if (found === "all") return true;
  if (!found) return false;
  if (!/^[0-9A-HJKMNP-TV-Z]{16}$/.test(serial)) return false;
  if (found.exact.includes(serial)) return true;
  let wanted = 0;
  for (const letter of serial.slice(0, KEPT_CHARACTERS)) wanted = wanted * 32 + ALPHABET.indexOf(letter);
  wanted = Math.floor(wanted / 2 ** (KEPT_BITS - found.bits));
  let low = 0, high = found.chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (found.chunks[middle][0] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && among(found.chunks[low - 1], wanted);
}

function among([first, count, rice, text], wanted) {
  const data = fromBase64url(text);
  let value = first, place = 0;
  const bit = () => (data[place >> 3] >> (7 - (place++ & 7))) & 1;
  for (let member = 1; member < count && value < wanted; member += 1) {
    let quotient = 0, rest = 0;
    while (bit()) quotient += 1;
    for (let digit = 0; digit < rice; digit += 1) rest = rest * 2 + bit();
    value += quotient * 2 ** rice + rest + 1;
  }
  return value === wanted;
}
