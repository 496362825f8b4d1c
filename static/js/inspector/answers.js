// What the page shows: the verdict with what to compare, the state of list and queue, the findings. Texts only, no markup.
import { humanReadable } from "./codes.js";
import { day } from "./judge.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
const here = () => (document.documentElement.lang === "en" ? "en" : "zh");
const ICONS = { green: "green", amber: "amber", red: "red", blue: "blue", question: "question" };

export function make(tag, className, ...inside) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...inside);
  return node;
}

const icon = (colour) => at(`icon-${ICONS[colour] || "grey"}`).content.cloneNode(true);
const pill = (colour, text) => make("span", `bt-status is-${colour}`, icon(colour), text);
export const moment = (value) => new Date(Date.parse(value) + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");

function pairs(node, found) {
  node.replaceChildren(...found.filter(([, value]) => value !== "").map(([term, value]) => make("div", "", make("dt", "", term), make("dd", "", value))));
  return node;
}

// A batch is registered; it is its packs that are activated.
function sentence(reason, isTag) {
  const params = { ...reason.params };
  if (params.enterprise) params.enterprise = params.enterprise[here()];
  return say(isTag && reason.code === "verdicts.issued" ? "scan.batch_issued" : reason.code, params);
}

// What a tag is, and of its signature what the verdict does not say anyway.
function ofTag({ code, signature }) {
  const told = [make("p", "", say(`inspector.tag.${code.kind}`))];
  return signature === "bad" ? told : [...told, make("p", "", say(`inspector.signature.${signature}`, { kid: code.kid || "" }))];
}

export function show(judged, list) {
  const { verdict } = judged, red = verdict.colour === "red";
  const told = verdict.reasons.filter((one) => !red || one.weight === "red");
  const heads = { green: "verdicts.green", grey: "scan.unreadable" };
  const head = say(heads[verdict.colour] || `${verdict.reasons[0].code}.title`);
  const box = make("section", `bt-verdict is-${verdict.colour}`);
  const words = make("div", "", make("p", "bt-verdict-word", say(`inspector.colour.${verdict.colour}`)), make("h2", "", head));
  const isTag = Boolean(judged.code) && judged.code.kind !== "pack", tag = isTag ? ofTag(judged) : [];
  box.append(make("div", "bt-verdict-head", icon(verdict.colour === "grey" ? "question" : verdict.colour), words), ...tag, ...told.map((one) => make("p", "", sentence(one, isTag))));
  box.append(make("p", "", say("inspector.judged_by", { version: list.head.version, made: moment(list.head.made_at) })));
  at("answer").replaceChildren(box, ...(judged.line ? [compare(judged)] : judged.entry && judged.code.kind === "batch" && judged.entry.product ? [behind(judged.entry)] : []));
}

const grades = (entry) => entry.grades.map(([grade, head]) => `${say(`grading.grades.${grade}`)} ${head}`).join(here() === "en" ? ", " : "、");

// What a tag's batch is, to be held against the goods it hangs on.
function behind(entry) {
  const facts = pairs(make("dl", "bt-facts"), [
    [say("inspector.fact.product"), entry.product[here()]],
    [say("field_findings.compared.grade"), grades(entry)],
    [say("inspector.fact.lot"), entry.lot],
    [say("inspector.fact.batch"), entry.batch],
    [say("inspector.fact.producer"), entry.producer[here()]],
    [say("inspector.fact.licence"), entry.licence],
  ]);
  return make("section", "bt-tag", make("h2", "", say("inspector.compare_goods")), facts);
}

// What to hold against the pack in the hand.
function compare({ entry, line, code }) {
  const [before, after] = here() === "en" ? [" (", ")"] : ["（", "）"];
  const cut = line.naming === "verified" || line.naming === "no_cut" ? line.cut : line.cut + before + say(`cuts.${line.naming}`) + after;
  const facts = pairs(make("dl", "bt-facts"), [
    [say("inspector.fact.product"), entry.product[here()]],
    [say("field_findings.compared.cut"), cut],
    [say("field_findings.compared.weight"), `${line.net_kg} kg`],
    [say("field_findings.compared.packed_on"), line.packed_on],
    [say("field_findings.compared.best_before"), line.best_before],
    [say("field_findings.compared.grade"), grades(entry)],
    [say("inspector.fact.storage"), line.storage],
    [say("inspector.fact.lot"), entry.lot],
    [say("inspector.fact.producer"), entry.producer[here()]],
    [say("inspector.fact.licence"), entry.licence],
    [say("inspector.fact.code"), humanReadable(code)],
  ]);
  return make("section", "bt-tag", make("h2", "", say("inspector.compare")), facts);
}

export function state(list, kept, online, now) {
  const waiting = kept.filter((one) => one.state !== "received").length;
  const old = list && day(now) > day(Date.parse(list.head.good_until));
  const of = list ? say(old ? "inspector.list_expired" : "inspector.list_as_of", { made: moment(list.head.made_at), version: list.head.version }) : say("inspector.no_list_yet");
  at("state-list").replaceChildren(pill(list && !old ? "green" : "amber", of));
  at("state-queue").replaceChildren(pill(waiting ? "blue" : "grey", say("inspector.waiting", { count: waiting })));
  at("state-network").replaceChildren(pill("grey", say(online ? "inspector.online" : "inspector.offline")));
}

export function findings(kept) {
  const colours = { received: "green", waiting: "blue", refused: "red" };
  const rows = [...kept].reverse().map((one) => {
    const told = JSON.parse(one.payload);
    const row = make("li", "", make("p", "", pill(colours[one.state], say(`inspector.finding.${one.state}`)), ` ${one.number || `#${one.sequence}`}`));
    row.append(make("p", "bt-small", `${moment(told.found_at)} · ${told.market || "–"} · ${say(`severity.${told.severity}`)} · ${say("inspector.photos", { count: told.photos.length })}`));
    if (one.words) row.append(make("p", "", one.words));
    return row;
  });
  at("findings").replaceChildren(...rows);
  at("send").disabled = !kept.some((one) => one.state !== "received");
}

export function facts(list, device) {
  const found = device ? [[say("inspector.fact.telephone"), `${device.name} · ${device.holder}`]] : [];
  if (list) {
    const head = list.head;
    found.push(
      [say("inspector.fact.version"), String(head.version)],
      [say("inspector.fact.made"), moment(head.made_at)],
      [say("inspector.fact.good_until"), moment(head.good_until)],
      [say("inspector.fact.batches"), String(head.batches)],
      [say("inspector.fact.days"), say("inspector.days", { count: head.days })],
      [say("inspector.fact.chosen"), head.chosen.join("、") || say("inspector.fact.every")],
      [say("inspector.fact.signed"), list.kid]
    );
  }
  pairs(at("list-facts"), found);
}
