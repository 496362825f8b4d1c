// Findings: signed when they are made, each building on the one before, handed in in their order, kept until received.
import { sha256 } from "./bytes.js";
import { shrunk } from "./camera.js";
import { enrolled, send, signed } from "./device.js";
import * as lock from "./lock.js";
import * as store from "./store.js";

const SIDE = 1600, LEAST_SIDE = 200, QUALITY = 0.8, LEAST_QUALITY = 0.5;
let sending = null;

// A photo as it is kept: the fingerprint of the file as it was taken, then the smaller picture and its own fingerprint.
// The picture has at most `bytes`: a finding too large to be received would stay here, and every later one behind it.
export async function photo(file, bytes) {
  const original = await sha256(await file.arrayBuffer());
  let side = SIDE, quality = QUALITY, data = await shrunk(file, side, quality);
  while (data.length > bytes && side > LEAST_SIDE) {
    if (quality > LEAST_QUALITY) quality -= 0.2; else side *= 0.7;
    data = await shrunk(file, side, quality);
  }
  return { original, sent: await sha256(data), data };
}

// Sign and keep one finding; nothing of it changes afterwards.
export async function add(finding, photos) {
  const kept = await store.get("head"), head = kept ? await lock.unsealJson("head", kept) : { sequence: 0, digest: "" };
  const sequence = head.sequence + 1;
  const prints = photos.map((one) => ({ original: one.original, sent: one.sent }));
  const payload = JSON.stringify({ ...finding, sequence, previous: head.digest, photos: prints });
  const told = { payload, signature: await signed("finding", payload), number: "", words: "" };
  const row = { sequence, state: "waiting", told: await lock.sealJson(`finding ${sequence}`, told), photos: [] };
  for (const [place, one] of photos.entries()) row.photos.push(await lock.seal(`photo ${sequence} ${place}`, one.data));
  await store.append(row, await lock.sealJson("head", { sequence, digest: await sha256(payload) }));
}

// Every finding, the oldest first, with its photos still sealed.
export const all = async () =>
  Promise.all((await store.findings()).map(async (row) => ({ ...row, ...(await lock.unsealJson(`finding ${row.sequence}`, row.told)) })));
export const waiting = async () => (await all()).filter((one) => one.state !== "received");

async function changed(one, state, number, words, photos) {
  const told = { payload: one.payload, signature: one.signature, number, words };
  await store.change({ sequence: one.sequence, state, told: await lock.sealJson(`finding ${one.sequence}`, told), photos });
}

// Hand in what waits, the oldest first; stops at the first that is not received. One run at a time.
export function handIn(tell) {
  sending = sending || run(tell).finally(() => { sending = null; });
  return sending;
}

async function run(tell) {
  const device = await enrolled();
  for (const one of await waiting()) {
    try {
      const told = await send("/api/v1/inspector/findings", await form(device, one));
      await changed(one, "received", told.number, "", []);
    } catch (refusal) {
      if (refusal.code !== "inspector.no_network") await changed(one, "refused", "", refusal.words || refusal.code || String(refusal), one.photos);
      throw refusal;
    } finally {
      await tell();
    }
  }
}

async function form(device, one) {
  const data = new FormData();
  data.append("device", device.device);
  data.append("payload", one.payload);
  data.append("signature", one.signature);
  for (const [place, sealed] of one.photos.entries()) {
    const bytes = await lock.unseal(`photo ${one.sequence} ${place}`, sealed);
    data.append("photos", new Blob([bytes], { type: "image/jpeg" }), `${place + 1}.jpg`);
  }
  return data;
}
