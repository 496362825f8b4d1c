// The form of a finding: begins with what was just judged, keeps photos, ends as one signed thing in the queue.
import { make } from "./answers.js";
import { humanReadable } from "./codes.js";
import * as queue from "./queue.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
const COMPARED = ["cut", "weight", "packed_on", "best_before", "grade", "seal"];
let about = null, photos = [], most = 6, largest = 1e6;

// What was read, without characters that no field holds.
const printable = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]/g, "·").slice(0, 300);

// What was written, with its lines; pasted tabs and characters that no field holds would never be received.
const written = (text) => [...text.replace(/\r\n?/g, "\n").replace(/\t/g, " ")]
  .map((one) => (/^[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]$/.test(one) ? "·" : one)).join("");

export const set = (count, bytes) => { most = count; largest = bytes; };

export function begin(judged) {
  about = judged;
  photos = [];
  at("finding").reset();
  at("finding-about").textContent = judged.code ? humanReadable(judged.code) : printable(judged.text);
  draw();
}

export async function addPhotos(event) {
  const files = [...event.target.files];
  event.target.value = "";
  for (const file of files) {
    if (photos.length >= most) throw Object.assign(new Error(), { code: "inspector.photos_most", params: { most } });
    try {
      photos.push(await queue.photo(file, largest));
    } catch (_error) {
      throw Object.assign(new Error(), { code: "inspector.photo_unreadable" });
    }
    draw();
  }
}

function draw() {
  at("photos").replaceChildren(...photos.map((one, place) => {
    const image = make("img", "");
    image.alt = say("inspector.photo", { place: place + 1 });
    image.src = URL.createObjectURL(new Blob([one.data], { type: "image/jpeg" }));
    const away = make("button", "", "×");
    away.type = "button";
    away.setAttribute("aria-label", say("inspector.photo_away", { place: place + 1 }));
    away.onclick = () => { photos.splice(place, 1); draw(); };
    return make("li", "", image, away);
  }));
}

export async function keep() {
  const form = new FormData(at("finding")), text = (name) => String(form.get(name) || "").trim();
  const compared = {};
  for (const one of COMPARED) if (form.get(one)) compared[one] = form.get(one);
  const severity = text("severity"), reason = text("reason_code");
  if ((severity === "none") !== (reason === "")) throw Object.assign(new Error(), { code: severity === "none" ? "field_findings.reason_unasked" : "field_findings.reason" });
  const verdict = { colour: about.verdict.colour, reasons: about.verdict.reasons.map((one) => one.code) };
  const told = {
    code: printable(about.text),
    verdict,
    list_version: about.list_version,
    checked_at: new Date(about.now).toISOString(),
    found_at: new Date().toISOString(),
    clock_back: about.clock_back,
    severity,
    reason_code: reason,
    compared,
    market: written(text("market")),
    words: written(text("words")),
  };
  await queue.add(told, photos);
  about = null;
  photos = [];
}
