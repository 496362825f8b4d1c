// Calls of this browser by which something was stated: each is asked again until every receipt of it is here.
import * as check from "./check.js";
import { refusal } from "./notes.js";
import * as store from "./store.js";
import { fetchNewest, held } from "./trust.js";

const KNOWN = 90 * 24 * 3600; // seconds a call that is done is remembered, so that it is not asked for again
let asking = null;

// Calls as the page names them: "id.seconds id.seconds".
export async function add(text) {
  const known = await store.captures(), ids = new Set(known.map((one) => one.capture));
  for (const [capture, at] of text.split(" ").filter(Boolean).map((one) => one.split(".")))
    if (!ids.has(capture)) await store.changeCapture({ capture, at: Number(at), done: false });
  const old = Date.now() / 1000 - KNOWN;
  for (const one of known) if (one.done && one.at < old) await store.forgetCapture(one.capture);
}

export const waiting = async () => (await store.captures()).filter((one) => !one.done);

// Ask for whatever is not here yet; gives how many calls still wait. One run at a time.
export function ask(origin) {
  asking = asking || run(origin).finally(() => { asking = null; });
  return asking;
}

async function run(origin) {
  for (const one of await waiting()) {
    const told = await fetchRows(one);
    for (const row of told.rows) if (!(await known(row.act))) await store.change({ ...row, state: "unchecked", size: 0 });
    if (told.rows.length && !told.waiting) await store.changeCapture({ ...one, done: true });
  }
  await checkAll(origin, (one) => one.state !== "good");
  return (await waiting()).length;
}

const known = async (act) => (await store.receipts()).some((one) => one.act === act);

async function fetchRows(one) {
  const address = `/receipts/captures/${encodeURIComponent(one.capture)}/${one.at}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (!answer) throw refusal("receipts.no_network");
  const json = (answer.headers.get("Content-Type") || "").includes("json");
  if (answer.redirected || !json) throw refusal("receipts.sign_in");
  if (!answer.ok) throw refusal("receipts.not_now");
  return answer.json();
}

// Check what is kept: by the list of keys held here, and by the log where there is a network.
export async function checkAll(origin, wanted = () => true) {
  const chosen = (await store.receipts()).filter(wanted);
  if (!chosen.length) return;
  const bundle = (await fetchNewest(origin).catch((error) => { if (error.code === "receipts.no_network") return null; throw error; })) || (await held());
  if (!bundle) throw refusal("receipts.no_network");
  for (const one of chosen) await store.change({ ...one, ...(await judged(one, bundle)) });
}

async function judged(one, bundle) {
  try {
    const told = await check.receipt(one.receipt, bundle);
    if (told.act !== one.act || told.index !== one.index) throw refusal("receipts.shape");
    const proof = one.proof || (await fetchProof(told.index));
    if (!proof) return { state: "signed" };
    return { state: "good", proof, size: await check.entry(proof, told, bundle) };
  } catch (error) {
    if (!error.code) throw error;
    return { state: error.code, params: error.params };
  }
}

async function fetchProof(index) {
  const answer = await fetch(`/api/v1/log/entries/${index}/proof`, { credentials: "omit" }).catch(() => null);
  return answer && answer.ok ? answer.text() : "";
}
