// This telephone's own key (made here, never to be read out) and its signed calls to the service.
import { base64url, sha256, utf8 } from "./bytes.js";
import { Refusal } from "./codes.js";
import * as store from "./store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" }, HASH = { name: "ECDSA", hash: "SHA-256" };
const WAIT = 60000;

const message = (topic, origin, name, statement) => utf8(`brandtrace/field-${topic}/v1\n${origin}\n${name}\n${statement}`);

async function sign(key, bytes) {
  return base64url(new Uint8Array(await crypto.subtle.sign(HASH, key, bytes)));
}

export const enrolled = () => store.get("device");

// Answer an offer. The key lies in the store before the call, so that a lost answer is asked for again with the same one.
export async function enrol(token, origin) {
  const name = await sha256(token);
  let waiting = await store.get("waiting");
  if (!waiting || waiting.name !== name) {
    waiting = { name, keys: await crypto.subtle.generateKey(CURVE, false, ["sign"]) };
    await store.put("waiting", waiting);
  }
  const point = base64url(new Uint8Array(await crypto.subtle.exportKey("raw", waiting.keys.publicKey)));
  const proof = await sign(waiting.keys.privateKey, message("enrol", origin, name, point));
  const told = await send("/api/v1/inspector/enrol", JSON.stringify({ token, public_key: point, proof }), "application/json");
  await store.clear();
  await store.put("device", Object.assign(told, { key: waiting.keys.privateKey }));
}

export async function signed(topic, statement) {
  const held = await enrolled();
  return sign(held.key, message(topic, held.origin, held.device, statement));
}

// A call that counts: the service hears each counter once, and only upwards.
export async function call(topic, payload) {
  const held = await enrolled();
  const counter = Math.max(Date.now(), ((await store.get("counter")) || 0) + 1);
  await store.put("counter", counter);
  const text = JSON.stringify(payload);
  const signature = await signed(topic, `${counter}\n${text}`);
  const body = { device: held.device, counter, payload: text, signature };
  return send(`/api/v1/inspector/${topic}`, JSON.stringify(body), "application/json");
}

// The answer as JSON. No network raises `inspector.no_network`; a refusal of the service its own code and words.
export async function send(address, body, type) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), WAIT);
  let answer;
  try {
    const headers = type ? { "Content-Type": type } : {};
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
