// Findings: signed when they are made, each building on the one before, handed in in their order, kept until received.
import { sha256 } from "./bytes.js";
import { shrunk } from "./camera.js";
import { enrolled, send, signed } from "./device.js";
import * as store from "./store.js";

const SIDE = 1600, QUALITY = 0.8;
let sending = null;

// A photo as it is kept: the fingerprint of the file as it was taken, then the smaller picture and its own fingerprint.
export async function photo(file) {
  const original = await sha256(await file.arrayBuffer());
  const data = await shrunk(file, SIDE, QUALITY);
  return { original, sent: await sha256(data), data };
}

// Sign and keep one finding; nothing of it changes afterwards.
export async function add(finding, photos) {
  const head = (await store.get("head")) || { sequence: 0, digest: "" };
  const prints = photos.map((one) => ({ original: one.original, sent: one.sent }));
  const payload = JSON.stringify({ ...finding, sequence: head.sequence + 1, previous: head.digest, photos: prints });
  const signature = await signed("finding", payload);
  const kept = { sequence: head.sequence + 1, payload, signature, photos: photos.map((one) => one.data), state: "waiting", number: "", words: "" };
  await store.append(kept, { sequence: kept.sequence, digest: await sha256(payload) });
  return kept;
}

export const all = () => store.findings();
export const waiting = async () => (await all()).filter((one) => one.state !== "received");

// Hand in what waits, the oldest first; stops at the first that is not received. One run at a time.
export function handIn(changed) {
  sending = sending || run(changed).finally(() => { sending = null; });
  return sending;
}

async function run(changed) {
  const device = await enrolled();
  for (const one of await waiting()) {
    try {
      const told = await send("/api/v1/inspector/findings", form(device, one));
      await store.change({ ...one, photos: [], state: "received", number: told.number, words: "" });
    } catch (refusal) {
      if (refusal.code !== "inspector.no_network") await store.change({ ...one, state: "refused", words: refusal.words || refusal.code || String(refusal) });
      throw refusal;
    } finally {
      await changed();
    }
  }
}

function form(device, one) {
  const data = new FormData();
  data.append("device", device.device);
  data.append("payload", one.payload);
  data.append("signature", one.signature);
  one.photos.forEach((bytes, place) => data.append("photos", new Blob([bytes], { type: "image/jpeg" }), `${place + 1}.jpg`));
  return data;
}
