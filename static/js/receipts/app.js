// The page of receipts kept on this phone: turned on, listed, asked for, checked, saved to a file, forgotten.
import { load, say } from "../inspector/words.js";
import * as queue from "./queue.js";
import * as store from "./store.js";

const at = (id) => document.getElementById(id);
const box = at("kept");
const KEPT = ["act", "type", "at", "index", "receipt"];
const COLOURS = { good: "green", signed: "amber", unchecked: "amber" };
const explain = (error) => (error.code ? say(error.code, error.params) : say("receipts.failed"));
const moment = (value) => new Date(Date.parse(value) + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");

function make(tag, className, ...inside) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...inside);
  return node;
}

function tell(text, colour = "amber") {
  at("told").hidden = !text;
  at("told").className = `bt-notice is-${colour}`;
  at("told").textContent = text;
}

function line(one) {
  const colour = COLOURS[one.state] || "red";
  const state = COLOURS[one.state] ? say(`receipts.state.${one.state}`, { size: one.size.toLocaleString("en") }) : say(one.state, one.params);
  const icon = at(`icon-${colour}`).content.cloneNode(true);
  const head = make("p", "", make("b", "", say(`receipts.of.${one.type}`)), ` ${moment(one.at)}`);
  return make("li", "", head, make("p", "", say("receipts.entry", { index: one.index.toLocaleString("en") })), make("p", `bt-status is-${colour}`, icon, state));
}

async function state() {
  const on = store.keeping(), kept = await store.receipts(), waiting = await queue.waiting();
  at("off").hidden = on || kept.length > 0;
  at("on").hidden = !on && !kept.length;
  at("count").textContent = say("receipts.count", { kept: kept.length, waiting: waiting.length });
  at("network").textContent = say(navigator.onLine ? "receipts.on_line" : "receipts.off_line");
  at("save").disabled = !kept.length;
  at("list").replaceChildren(...kept.sort((one, other) => other.index - one.index).map(line));
}

// Whatever goes wrong is said in words where the person looks.
const trying = (act) => async () => {
  tell("");
  await Promise.resolve().then(act).catch((error) => tell(explain(error)));
  await state();
};

async function turnOn() {
  store.keep();
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
  tell(say("receipts.turned_on"), "green");
}

async function ask() {
  if (!(await queue.waiting()).length) await queue.checkAll(box.dataset.origin);
  const left = await queue.ask(box.dataset.origin);
  tell(left ? say("receipts.still_waiting", { waiting: left }) : say("receipts.all_here"), left ? "amber" : "green");
}

async function save() {
  const rows = (await store.receipts()).sort((one, other) => one.index - other.index);
  const lines = rows.map((one) => `${JSON.stringify(Object.fromEntries(KEPT.map((name) => [name, one[name]])))}\n`);
  const link = make("a", "");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  link.download = `receipts-${new Date().toISOString().slice(0, 10)}.jsonl`;
  document.body.append(link);
  link.click();
  link.remove();
  tell(say("receipts.saved", { count: rows.length }), "green");
}

async function forget() {
  await store.forgetAll();
  at("sure").hidden = true;
  tell(say("receipts.forgotten"), "green");
}

async function run() {
  await load(document.documentElement.lang === "en" ? "en" : "zh", "/receipts/kept/");
  at("turn-on").onclick = trying(turnOn);
  at("ask").onclick = trying(ask);
  at("save").onclick = trying(save);
  at("forget").onclick = () => { at("sure").hidden = false; at("forget-all").focus(); };
  at("forget-all").onclick = trying(forget);
  at("forget-not").onclick = () => { at("sure").hidden = true; at("forget").focus(); };
  window.addEventListener("online", trying(ask));
  window.addEventListener("offline", state);
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/receipts/kept/worker.js").catch(() => tell(say("receipts.no_worker")));
  if (navigator.onLine && (await queue.waiting()).length) await queue.ask(box.dataset.origin).catch((error) => tell(explain(error)));
  await state();
  box.dataset.ready = "yes";
}

run().catch((error) => tell(explain(error)));
