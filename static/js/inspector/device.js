// This telephone's own key (made here, kept sealed, never to be read out) and its signed calls to the service.
import { base64url, sha256, utf8 } from "./bytes.js";
import { Refusal } from "./codes.js";
import * as lock from "./lock.js";
import * as store from "./store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" }, HASH = { name: "ECDSA", hash: "SHA-256" };
const WAIT = 60000;
let held;

lock.forgets(() => { held = undefined; });

const message = (topic, origin, name, statement) => utf8(`brandtrace/field-${topic}/v1\n${origin}\n${name}\n${statement}`);

async function sign(key, bytes) {
  return base64url(new Uint8Array(await crypto.subtle.sign(HASH, key, bytes)));
}

// What the service told about this telephone with its key in the hand, or undefined before it is enrolled.
export async function enrolled() {
  if (!held && (await lock.chosen())) {
    const told = await lock.unsealJson("device", await store.get("device"));
    held = { ...told, key: await lock.unwrap("device.key", await store.get("device.key"), CURVE, ["sign"]) };
  }
  return held;
}

// Answer an offer. The key lies in the store, sealed, before the call, so that a lost answer is asked for again with the
// same one. What was kept here before goes only when the service has said yes.
export async function enrol(token, origin, pin) {
  const name = await sha256(token), mine = await begun(name, pin);
  const proof = await sign(mine.secret, message("enrol", origin, name, mine.point));
  const told = await send("/api/v1/inspector/enrol", JSON.stringify({ token, public_key: mine.point, proof }), "application/json");
  const device = await lock.sealJson("device", told, mine.opened);
  await store.begin({ lock: mine.lock, device, "device.key": mine.key });
  lock.shut();
  lock.use(mine.opened);
}

// The key begun for this offer; another PIN than then makes another key.
async function begun(name, pin) {
  const waiting = await store.get("waiting");
  const opened = waiting && waiting.name === name && (await lock.prove(waiting.lock, pin));
  if (opened) return { ...waiting, opened, secret: await lock.unwrap("device.key", waiting.key, CURVE, ["sign"], opened) };
  const made = await lock.make(pin), keys = await crypto.subtle.generateKey(CURVE, true, ["sign"]);
  const point = base64url(new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)));
  const mine = { name, point, lock: made.lock, key: await lock.wrap(made.key, "device.key", keys.privateKey) };
  await store.put("waiting", mine);
  return { ...mine, opened: made.key, secret: keys.privateKey };
}

export async function signed(topic, statement) {
  const mine = await enrolled();
  return sign(mine.key, message(topic, mine.origin, mine.device, statement));
}

// A call that counts: the service hears each counter once, and only upwards.
export async function call(topic, payload) {
  const mine = await enrolled();
  const counter = Math.max(Date.now(), ((await store.get("counter")) || 0) + 1);
  await store.put("counter", counter);
  const text = JSON.stringify(payload);
  const signature = await signed(topic, `${counter}\n${text}`);
  const body = { device: mine.device, counter, payload: text, signature };
  return send(`/api/v1/inspector/${topic}`, JSON.stringify(body), "application/json");
}

// The answer as JSON, refusals in the language of the page. No network raises `inspector.no_network`; a refusal of the service its own code and words.
export async function send(address, body, type) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), WAIT);
  let answer;
  try {
    const headers = { "Accept-Language": document.documentElement.lang, ...(type ? { "Content-Type": type } : {}) };
    answer = await fetch(address, { method: "POST", headers, body, signal: ending.signal, credentials: "omit" });
  } catch (_error) {
    throw new Refusal("inspector.no_network");
  } finally {
    clearTimeout(timer);
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Refusal(told.code || "inspector.no_answer", told.params || {}), { words: told.title });
  return told;
}
