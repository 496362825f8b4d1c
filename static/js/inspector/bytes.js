// Bytes and texts: base64url and base64 in their one spelling, hex, UTF-8, SHA-256.
const encoder = new TextEncoder();
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

export const utf8 = (text) => encoder.encode(text);

export function base64url(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 3) {
    const word = (bytes[place] << 16) | ((bytes[place + 1] || 0) << 8) | (bytes[place + 2] || 0);
    const used = Math.min(bytes.length - place, 3) + 1;
    for (let digit = 0; digit < used; digit += 1) text += ALPHABET[(word >> (18 - 6 * digit)) & 63];
  }
  return text;
}

// The bytes, or null when the text is not their only spelling (RFC 4648 section 3.5: spare bits are zero).
export function fromBase64url(text, size) {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0, bits = 0, place = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at), value = code < 128 ? VALUES[code] : -1;
    if (value < 0) return null;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[place] = (word >> bits) & 255;
      place += 1;
    }
  }
  const whole = size === undefined || bytes.length === size;
  return whole && base64url(bytes) === text ? bytes : null;
}

// The same of standard base64 with its padding (RFC 4648 section 4).
export function fromBase64(text, size) {
  if (text.length % 4 || /[-_]/.test(text)) return null;
  return fromBase64url(text.replace(/={1,2}$/, "").replace(/\+/g, "-").replace(/\//g, "_"), size);
}

export const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

export const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const sha256 = async (data) => hex(await digest(typeof data === "string" ? utf8(data) : data));
