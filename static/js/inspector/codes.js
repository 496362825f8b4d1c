// Reads a code exactly as the service does (trace/crypto/label_codes, typed_codes): one code has one text. Golden
// vectors: tests/crypto/vectors/label_codes.json.
import { fromBase64url } from "./bytes.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BATCH = /^[0-9A-HJKMNP-TV-Z]{8}$/, SERIAL = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const GTIN_PART = /^[A-Z0-9.-]{1,20}$/, RESTRICTED = /^.(02|04|2[0-9])/;
const KID = /^[0-9a-z]{2,3}$/, SIGNATURE = /^[0-9A-Za-z_-]{86}$/;
const BATCH_MARK = 1, TYPED_MARK = 2, TYPED_SIZE = 25, LONGEST = 256, LONGEST_TYPED = 200, LONGEST_HOST = 60;
const SEPARATORS = " \t\u00a0\u2009\u202f\u3000-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u30fc";

export class Refusal extends Error {
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

// The weighted sum over GF(32) with x^5 + x^2 + 1 that every text with a check character must give.
function sum(text) {
  let total = 0;
  for (const letter of text) total = ((total << 1) ^ (total & 16 ? 0b100101 : 0)) ^ ALPHABET.indexOf(letter);
  return total;
}

function checkBatch(batch) {
  if (!BATCH.test(batch)) throw new Refusal("codes.batch_shape", { batch });
  if (sum(batch) !== BATCH_MARK) throw new Refusal("codes.batch_check", { batch });
}

// `kind`: a pack, or the tag of a batch, of goods of a lot by GTIN, of a case or pallet.
const read = (kind, element, named) => ({ kind, element, kid: null, signature: null, typed: false, ...named });

function unit(batch, serial) {
  checkBatch(batch);
  if (!SERIAL.test(serial)) throw new Refusal("codes.serial_shape", { serial });
  return read("pack", `u:${batch}:${serial}`, { batch, serial });
}

function tag(profile, code) {
  checkBatch(code);
  return profile === "b" ? read("batch", `b:${code}`, { batch: code }) : read("container", `c:${code}`, { batch: null });
}

// From the path on, as it was printed.
export function readAddress(text) {
  if (text.length > LONGEST) throw new Refusal("codes.too_long", { longest: LONGEST });
  if (!/^[!-~]+$/.test(text)) throw new Refusal("codes.characters");
  if (text.includes("%")) throw new Refusal("codes.percent_encoding");
  const mark = text.indexOf("?");
  const address = mark < 0 ? text : text.slice(0, mark);
  const pairs = mark < 0 ? [] : text.slice(mark + 1).split("&").map(pair);
  if (pairs.filter(([key]) => key === "s").length > 1) throw new Refusal("codes.signature_repeated");
  const signed = pairs.length && pairs[pairs.length - 1][0] === "s" ? signedWith(pairs.pop()[1]) : {};
  const [start, profile, ...segments] = address.split("/");
  if (start === "" && profile === "01") return Object.assign(goods(segments, pairs), signed);
  if (start !== "" || !["u", "b", "c"].includes(profile)) throw new Refusal("codes.profile_unknown");
  if (segments.length !== (profile === "u" ? 2 : 1)) throw new Refusal("codes.path_shape");
  if (pairs.length) throw new Refusal("codes.query_shape");
  return Object.assign(profile === "u" ? unit(segments[0], segments[1]) : tag(profile, segments[0]), signed);
}

// Goods that bear a GTIN, one pack of them where there is a serial: their batch is found by GTIN and lot.
function goods(segments, pairs) {
  const [gtin, ten, lot, twentyOne, serial] = segments;
  if (![3, 5].includes(segments.length) || ten !== "10" || (segments.length === 5 && twentyOne !== "21")) throw new Refusal("codes.path_shape");
  if (pairs.length > 1 || pairs.some(([key]) => key !== "17")) throw new Refusal("codes.query_shape");
  checkGtin(gtin);
  if (!GTIN_PART.test(lot)) throw new Refusal("codes.gtin_lot_shape", { value: lot });
  if (serial !== undefined && !GTIN_PART.test(serial)) throw new Refusal("codes.gtin_serial_shape", { value: serial });
  const expiry = pairs.length ? pairs[0][1] : "";
  if (pairs.length && !aDay(expiry)) throw new Refusal("codes.expiry_shape", { expiry });
  const one = serial === undefined ? "" : `(21)${serial}`, until = expiry ? `(17)${expiry}` : "";
  const named = { batch: null, goods: `${gtin}:${lot}:${expiry}`, serial };
  return read(serial === undefined ? "batch" : "pack", `(01)${gtin}(10)${lot}${one}${until}`, named);
}

function checkGtin(gtin) {
  if (!/^[0-9]{14}$/.test(gtin)) throw new Refusal("gtins.shape", { gtin: gtin.slice(0, 20) });
  if (/^0+$/.test(gtin)) throw new Refusal("gtins.zero");
  let total = 0;
  for (let place = 0; place < 13; place += 1) total += Number(gtin[place]) * (place % 2 ? 1 : 3);
  if ((10 - (total % 10)) % 10 !== Number(gtin[13])) throw new Refusal("gtins.check_digit", { gtin });
  if (RESTRICTED.test(gtin)) throw new Refusal("gtins.restricted", { gtin, prefix: gtin.slice(1, 3) });
}

function aDay(text) {
  if (!/^[0-9]{6}$/.test(text)) return false;
  const [year, month, day] = [2000 + Number(text.slice(0, 2)), Number(text.slice(2, 4)), Number(text.slice(4))];
  const found = new Date(Date.UTC(year, month - 1, day));
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day && day > 0;
}

function pair(part) {
  const equals = part.indexOf("=");
  if (equals < 0) throw new Refusal("codes.query_shape");
  return [part.slice(0, equals), part.slice(equals + 1)];
}

function signedWith(text) {
  const dot = text.indexOf(".");
  const kid = dot < 0 ? text : text.slice(0, dot), spelled = dot < 0 ? "" : text.slice(dot + 1);
  if (!KID.test(kid)) throw new Refusal("codes.kid_shape", { kid });
  if (!SIGNATURE.test(spelled)) throw new Refusal("codes.signature_shape");
  const signature = fromBase64url(spelled, 64);
  if (!signature) throw new Refusal("codes.not_canonical");
  return { kid, signature };
}

// The line under the symbol as people type it: any case, spaces and dashes, full-width letters, I L O forgiven.
export function readTyped(text) {
  if (Array.from(text).length > LONGEST_TYPED) throw new Refusal("codes.typed_length", { given: text.length, expected: TYPED_SIZE });
  let bare = "";
  for (const letter of text) if (!SEPARATORS.includes(letter)) bare += asMeant(letter);
  for (const letter of bare) if (!ALPHABET.includes(letter)) throw new Refusal("codes.typed_character", { character: letter });
  if (bare.length !== TYPED_SIZE) throw new Refusal("codes.typed_length", { given: bare.length, expected: TYPED_SIZE });
  if (sum(bare) !== TYPED_MARK) throw new Refusal("codes.typed_check");
  return Object.assign(unit(bare.slice(0, 8), bare.slice(8, 24)), { typed: true });
}

function asMeant(letter) {
  const code = letter.codePointAt(0);
  let plain = code >= 0xff01 && code <= 0xff5e && /[0-9A-Za-z]/.test(String.fromCharCode(code - 0xfee0)) ? String.fromCharCode(code - 0xfee0) : letter;
  if (plain >= "a" && plain <= "z" && plain.length === 1) plain = plain.toUpperCase();
  return { I: "1", L: "1", O: "0" }[plain] || plain;
}

// A scanned or pasted address of one of our hosts, or a typed line; whatever holds a slash is an address.
export function readAny(given, hosts) {
  const text = given.trim();
  if (!text.includes("/")) return readTyped(text);
  if (text.length > LONGEST + 2 * LONGEST_HOST) throw new Refusal("codes.too_long", { longest: LONGEST });
  if (text.startsWith("/")) return readAddress(text);
  const scheme = text.slice(0, 8).includes("://") ? text.lastIndexOf("://") + 3 : 0;
  const rest = text.slice(scheme), slash = rest.indexOf("/");
  const host = slash < 0 ? rest : rest.slice(0, slash);
  if (!hosts.includes(host.split(":")[0].toLowerCase())) throw new Refusal("codes.other_host", { host: host.slice(0, LONGEST_HOST) });
  return readAddress(`/${slash < 0 ? "" : rest.slice(slash + 1)}`);
}

// XXXX-XXXX-…: batch, serial and check character, as printed under the symbol.
export function humanReadable(code) {
  if (!code.batch || !code.serial) return code.element;
  const plain = code.batch + code.serial;
  let last = sum(plain);
  last = ((last << 1) ^ (last & 16 ? 0b100101 : 0)) ^ TYPED_MARK;
  return (plain + ALPHABET[last]).replace(/(.{4})(?=.)/g, "$1-");
}

export const signedText = (origin, code) => `brandtrace/label/v1\n${origin}\n${code.element}\n${code.kid}\n`;
