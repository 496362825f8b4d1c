// What this phone keeps: named values, calls whose receipts are asked for, the receipts. IndexedDB, nothing else.
import { shelf } from "../inspector/shelf.js";

const within = shelf("brandtrace-receipts", 1, (database) => {
  database.createObjectStore("named");
  database.createObjectStore("captures", { keyPath: "capture" });
  database.createObjectStore("receipts", { keyPath: "act" });
});
// Read on every page before anything else is fetched; says only whether there is something to do.
const FLAG = "brandtrace-keeps-receipts";

export const keeping = () => localStorage.getItem(FLAG) === "yes";
export const keep = () => localStorage.setItem(FLAG, "yes");
export const get = (name) => within(["named"], "readonly", (named) => named.get(name));
export const put = (name, value) => within(["named"], "readwrite", (named) => named.put(value, name));
export const captures = () => within(["captures"], "readonly", (found) => found.getAll());
export const changeCapture = (one) => within(["captures"], "readwrite", (found) => found.put(one));
export const forgetCapture = (one) => within(["captures"], "readwrite", (found) => found.delete(one));
export const receipts = () => within(["receipts"], "readonly", (found) => found.getAll());
export const change = (one) => within(["receipts"], "readwrite", (found) => found.put(one));

export async function forgetAll() {
  localStorage.removeItem(FLAG);
  await within(["named", "captures", "receipts"], "readwrite", (...every) => every.forEach((one) => one.clear()));
}
