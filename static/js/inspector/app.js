// The page as a whole: which part is shown, what the buttons do, and when things are sent by themselves.
import * as answers from "./answers.js";
import * as camera from "./camera.js";
import { readAny } from "./codes.js";
import * as device from "./device.js";
import * as finding from "./finding.js";
import { judge } from "./judge.js";
import * as lists from "./lists.js";
import * as lock from "./lock.js";
import * as locking from "./locking.js";
import * as queue from "./queue.js";
import { explain, load, say } from "./words.js";

const at = (id) => document.getElementById(id);
const kit = at("kit");
const RENEW = 12 * 3600 * 1000;
let judged = null;

function tell(text, colour) {
  at("told").hidden = !text;
  at("told").className = `bt-notice is-${colour || "amber"}`;
  at("told").textContent = text || "";
}

// Whatever goes wrong is said in words where the person looks; so is what an act has to say of itself.
function trying(act) {
  return async (event) => {
    if (event && event.preventDefault) event.preventDefault();
    tell("");
    try {
      const done = await act(event);
      if (typeof done === "string") tell(done, "green");
    } catch (refusal) {
      tell(explain(refusal));
    }
    await state();
  };
}

function open(name) {
  document.querySelectorAll("[data-panel]").forEach((one) => { one.hidden = one.dataset.panel !== name; });
  document.querySelectorAll("[data-tab]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.tab === (name === "finding" ? "check" : name))));
  if (name !== "check") stopCamera();
}

async function state() {
  if (!lock.isOpen()) return;
  const [list, kept] = [await lists.current(), await queue.all()];
  answers.state(list, kept, navigator.onLine, Date.now());
  answers.findings(kept);
  answers.facts(list, await device.enrolled());
}

async function check(text) {
  const held = await device.enrolled(), list = await lists.current();
  if (!list) throw Object.assign(new Error(), { code: "inspector.no_list" });
  at("answer").replaceChildren();
  at("after").hidden = true;
  judged = null;
  const now = Date.now(), latest = await lists.seen(0);
  judged = { text: text.trim(), now, ...(await read(text, held.hosts, list, now, latest)) };
  await lists.seen(now);
  answers.show(judged, list);
  at("after").hidden = false;
  at("answer").scrollIntoView({ block: "start" });
}

// What is no code of ours is an answer too, and may be the very thing an inspector has to write down.
async function read(text, hosts, list, now, latest) {
  let code = null;
  try {
    code = readAny(text, hosts);
  } catch (refusal) {
    if (!refusal.code) throw refusal;
    const verdict = { colour: "grey", reasons: [{ code: refusal.code, weight: "grey", params: refusal.params }] };
    return { code, verdict, entry: null, line: null, clock_back: false, list_version: list.head.version };
  }
  return { code, ...(await judge(code, list, now, latest)) };
}

function stopCamera() {
  camera.stop(at("camera"));
  at("camera-on").hidden = false;
  at("camera-off").hidden = true;
}

async function scan() {
  at("camera-on").hidden = true;
  at("camera-off").hidden = false;
  try {
    await camera.start(at("camera"), async (text) => {
      await check(text);
      return true;
    });
  } catch (error) {
    throw typeof error.code === "string" ? error : Object.assign(new Error(), { code: "inspector.no_camera" });
  } finally {
    stopCamera();
  }
}

async function fromPhoto(event) {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  const text = await camera.readPhoto(file).catch(() => "");
  if (!text) throw Object.assign(new Error(), { code: "inspector.nothing_read" });
  await check(text);
}

async function fetchList() {
  await lists.fetchNewest();
  return say("inspector.list_fetched");
}

async function handIn() {
  await queue.handIn(state);
  return say("inspector.handed_in");
}

// Without being asked, and without a word when there is no network: what waits, and a list that grows old.
async function quietly() {
  if (!navigator.onLine || !lock.isOpen()) return;
  try {
    if ((await queue.waiting()).length) await queue.handIn(state);
    const list = await lists.current();
    if (!list || Date.now() - Date.parse(list.head.made_at) > RENEW) await lists.fetchNewest();
  } catch (refusal) {
    if (refusal.code !== "inspector.no_network") tell(explain(refusal));
  }
  await state();
}

const offer = () => new URLSearchParams(location.hash.slice(1)).get("enrol");

async function enrol() {
  const [pin, again] = locking.taken(at("enrol"));
  await device.enrol(offer(), kit.dataset.origin, lock.checked(pin, again));
  history.replaceState(null, "", location.pathname + location.search);
  await begin();
  await lists.fetchNewest();
}

// Which of the pages is shown: an offer that was read, the one for a telephone nobody enrolled, the lock, the kit.
async function begin() {
  const chosen = await lock.chosen(), asked = Boolean(offer());
  if (!chosen) lock.shut();
  const inside = chosen && !asked && lock.isOpen();
  at("not-enrolled").hidden = chosen || asked;
  at("offer").hidden = !asked;
  at("enrolled").hidden = !inside;
  at("locked").hidden = true;
  if (asked) await locking.offered();
  else if (chosen && !inside) await locking.show();
  if (!inside) stopCamera();
  await state();
}

async function opened() {
  await begin();
  if (lock.isOpen()) await quietly();
}

function wire() {
  document.querySelectorAll("[data-tab]").forEach((one) => { one.onclick = () => open(one.dataset.tab); });
  at("typed").onsubmit = trying(() => check(at("f-code").value));
  at("camera-on").onclick = trying(scan);
  at("camera-off").onclick = stopCamera;
  at("picture").onchange = trying(fromPhoto);
  at("find").onclick = () => { finding.begin(judged); open("finding"); at("finding-head").focus(); };
  at("finding-off").onclick = () => open("check");
  at("finding").onsubmit = trying(async () => {
    await finding.keep();
    open("findings");
    quietly();
    return say("inspector.kept");
  });
  at("photo").onchange = trying(finding.addPhotos);
  at("send").onclick = trying(handIn);
  at("fetch").onclick = trying(fetchList);
  at("enrol").onsubmit = trying(enrol);
  locking.wire(JSON.parse(kit.dataset.lock), trying, opened);
  window.addEventListener("online", quietly);
  window.addEventListener("offline", state);
  window.addEventListener("hashchange", trying(begin));
}

async function run() {
  await load(document.documentElement.lang === "en" ? "en" : "zh");
  finding.set(Number(kit.dataset.photos), Number(kit.dataset.photoBytes));
  wire();
  await begin();
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/inspector/worker.js").catch(() => tell(say("inspector.no_worker")));
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
  await quietly();
  kit.dataset.ready = "yes";
}

run().catch((error) => tell(explain(error)));
