// Signed notes (C2SP signed-note): the text, who signed it, and whether a known key fits.
import { digest, fromBase64, hex, utf8 } from "../inspector/bytes.js";
import { byLibrary } from "../inspector/signatures.js";

const DASH = "\u2014 ", ED25519 = 1;

export const refusal = (code, params = {}) => Object.assign(new Error(code), { code, params });

function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  pieces.reduce((place, one) => { whole.set(one, place); return place + one.length; }, 0);
  return whole;
}

export const hash = (...pieces) => digest(joined(...pieces));
export const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);

export async function verifier(name, raw) {
  return { name, raw, id: (await hash(utf8(`${name}\n`), new Uint8Array([ED25519]), raw)).slice(0, 4) };
}

// A line of /trust/vkeys: name, key id in hex, kind and key in base64.
export async function vkey(line) {
  const [name, id, ...rest] = line.split("+"), data = fromBase64(rest.join("+"), 33);
  if (!name || !data || data[0] !== ED25519) throw refusal("notes.vkey");
  const found = await verifier(name, data.slice(1));
  if (hex(found.id) !== id) throw refusal("notes.vkey");
  return found;
}

export function parse(written) {
  const cut = written.lastIndexOf("\n\n");
  if (cut < 0 || !written.endsWith("\n")) throw refusal("notes.shape");
  const signatures = written.slice(cut + 2, -1).split("\n").map((line) => {
    const [name, text, ...more] = line.slice(DASH.length).split(" "), data = fromBase64(text || "");
    if (!line.startsWith(DASH) || more.length || !data || data.length < 5) throw refusal("notes.signature_line");
    return { name, id: data.slice(0, 4), data: data.slice(4) };
  });
  return { text: written.slice(0, cut + 1), signatures };
}

// The known keys that signed the note; one that is known and does not fit makes the whole note worthless.
export async function verified(note, known) {
  const found = [];
  for (const signature of note.signatures) {
    const key = known.find((one) => one.name === signature.name && same(one.id, signature.id));
    if (!key) continue;
    if (!(await byLibrary(key.raw, utf8(note.text), signature.data))) throw refusal("notes.signature_wrong", { name: signature.name });
    found.push(key);
  }
  if (!found.length) throw refusal("notes.no_known_signature");
  return found;
}

// The body of a note of the registry: its first line names the topic, the second is one line of JSON.
export function body(note, topic) {
  const [first, second, ...rest] = note.text.split("\n");
  if (first !== `brandtrace/${topic}/v1` || rest.length !== 1) throw refusal("signer.note_topic", { topic: first.slice(0, 60) });
  try {
    return JSON.parse(second);
  } catch (_error) {
    throw refusal("signer.note_shape");
  }
}
