// The telephone's own lock. A PIN, which never leaves it, opens the one key under which everything is kept. The figures
// and where they come from: trace/rules/field_locks.
import { utf8 } from "./bytes.js";
import { Refusal } from "./codes.js";
import * as store from "./store.js";

const SEAL = { name: "AES-GCM", length: 256 }, MAC = { name: "HMAC", hash: "SHA-256", length: 256 };
const USES = ["encrypt", "decrypt", "wrapKey", "unwrapKey"], VECTOR = 12, SALT = 16;
const forgetting = [];
let rules = {}, opened = null;

export const set = (given) => { rules = given; };
export const isOpen = () => opened !== null;
export const chosen = async () => Boolean(await store.get("lock"));
// What else is to be forgotten, in memory, when the lock shuts.
export const forgets = (act) => forgetting.push(act);

export function use(key) {
  opened = key;
}

export function shut() {
  opened = null;
  forgetting.forEach((act) => act());
}

// A PIN as it is taken, full-width digits too; too short, or one that anybody would try first, is refused.
export function checked(pin, again) {
  const text = plain(pin);
  if (text === null) throw new Refusal("inspector.pin_shape", { least: rules.digits, most: rules.most_digits });
  if (again !== undefined && plain(again) !== text) throw new Refusal("inspector.pin_again");
  const steps = new Set([...text].slice(1).map((digit, place) => digit.charCodeAt(0) - text.charCodeAt(place)));
  if (steps.size === 1 && [-1, 0, 1].includes([...steps][0])) throw new Refusal("inspector.pin_easy");
  return text;
}

function plain(pin) {
  const text = pin.normalize("NFKC").trim();
  return /^[0-9]+$/.test(text) && text.length >= rules.digits && text.length <= rules.most_digits ? text : null;
}

// From the PIN, through many rounds and a key that this browser never reads out, to the key that wraps the key.
async function wrapping(lock, pin) {
  const typed = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = { name: "PBKDF2", hash: "SHA-256", salt: lock.salt, iterations: lock.rounds };
  const bits = await crypto.subtle.sign("HMAC", lock.guard, await crypto.subtle.deriveBits(slow, typed, 256));
  return crypto.subtle.importKey("raw", bits, SEAL, false, ["wrapKey", "unwrapKey"]);
}

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const sealing = (name, vector) => ({ name: SEAL.name, iv: vector, additionalData: utf8(`brandtrace/telephone/v1\n${name}`) });

// A new lock and the key it keeps; neither is put to use or into the store here.
export async function make(pin) {
  const guard = await crypto.subtle.generateKey(MAC, false, ["sign"]);
  return wrapped(await crypto.subtle.generateKey(SEAL, true, USES), pin, guard);
}

async function wrapped(key, pin, guard) {
  const lock = { salt: random(SALT), rounds: rules.rounds, guard, wrong: 0, after: 0 }, wraps = await wrapping(lock, pin);
  lock.sealed = await wrap(wraps, "lock", key, "raw");
  return { lock, key: await unwrapped(lock, wraps, false) };
}

const unwrapped = ({ sealed: { vector, data } }, wraps, readable) =>
  crypto.subtle.unwrapKey("raw", data, wraps, sealing("lock", vector), SEAL, readable, USES);

// The key behind a lock, or null when the PIN is another.
export async function prove(lock, pin, readable = false) {
  const wraps = await wrapping(lock, pin);
  try {
    return await unwrapped(lock, wraps, readable);
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
}

// Look at one PIN. A try is counted before it is looked at, so that closing the page in between wins nothing.
export async function enter(pin, readable = false) {
  const text = plain(pin);
  if (text === null) throw new Refusal("inspector.pin_shape", { least: rules.digits, most: rules.most_digits });
  let may = false;
  const lock = await store.revise("lock", (kept) => {
    const [counted, tries] = kept ? tried(kept, Date.now()) : [kept, false];
    may = tries;
    return counted;
  });
  if (!lock) throw new Refusal("inspector.lock_dropped");
  if (!may && lock.wrong < rules.most_wrong) throw new Refusal("inspector.pin_wait", { seconds: waits(lock) });
  const key = may && (await prove(lock, text, readable));
  if (key) {
    await store.revise("lock", (kept) => kept && { ...kept, wrong: 0, after: 0 });
    return key;
  }
  if (lock.wrong >= rules.most_wrong) {
    await drop();
    throw new Refusal("inspector.lock_dropped");
  }
  throw new Refusal("inspector.pin_wrong", { left: rules.most_wrong - lock.wrong });
}

// A clock set back makes the wait begin anew: it never shortens one.
function tried(lock, now) {
  const pause = (wrong) => (rules.waits[wrong - 1] || 0) * 1000;
  if (lock.wrong >= rules.most_wrong) return [lock, false];
  if (lock.after > now) return [{ ...lock, after: Math.min(lock.after, now + pause(lock.wrong)) }, false];
  return [{ ...lock, wrong: lock.wrong + 1, after: now + pause(lock.wrong + 1) }, true];
}

const waits = (lock) => Math.max(0, Math.ceil((lock.after - Date.now()) / 1000));

// What a locked telephone may say of itself.
export async function standing() {
  const lock = await store.get("lock");
  const unsent = (await store.findings()).filter((one) => one.state !== "received").length;
  return lock ? { wrong: lock.wrong, left: rules.most_wrong - lock.wrong, seconds: waits(lock), unsent } : null;
}

export async function open(pin) {
  use(await enter(pin));
}

export async function change(pin, next, again) {
  const chosenNext = checked(next, again);
  const key = await enter(pin, true);
  const made = await wrapped(key, chosenNext, (await store.get("lock")).guard);
  await store.put("lock", made.lock);
  use(made.key);
}

// Forget the secret, and with it everything that was sealed: nobody reads it any more.
export async function drop() {
  shut();
  await store.clear();
}

function held() {
  if (!opened) throw new Refusal("inspector.locked");
  return opened;
}

export async function seal(name, bytes, key = held()) {
  const vector = random(VECTOR);
  return { vector, data: new Uint8Array(await crypto.subtle.encrypt(sealing(name, vector), key, bytes)) };
}

export async function unseal(name, { vector, data }) {
  return new Uint8Array(await crypto.subtle.decrypt(sealing(name, vector), held(), data));
}

export const sealJson = (name, value, key) => seal(name, utf8(JSON.stringify(value)), key);
export const unsealJson = async (name, kept) => JSON.parse(new TextDecoder().decode(await unseal(name, kept)));

// A key leaves the browser's hands only in this form.
export async function wrap(key, name, secret, form = "pkcs8") {
  const vector = random(VECTOR);
  return { vector, data: new Uint8Array(await crypto.subtle.wrapKey(form, secret, key, sealing(name, vector))) };
}

export const unwrap = (name, { vector, data }, algorithm, uses, key = held()) =>
  crypto.subtle.unwrapKey("pkcs8", data, key, sealing(name, vector), algorithm, false, uses);

// Shut after so long without a touch, or so long out of sight (seconds).
export function watch(idle, away, shutting) {
  let timer, left = Date.now();
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(shutting, idle * 1000);
  };
  for (const touch of ["pointerdown", "keydown"]) window.addEventListener(touch, again, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Math.abs(Date.now() - left) >= away * 1000) shutting();
  });
  again();
}
