// What the telephone keeps: named values and findings in their order, sealed by the lock but for what it has to know
// before a PIN was entered. IndexedDB, nothing else.
import { shelf } from "./shelf.js";

const within = shelf("brandtrace-inspector", 2, (database) => {
  [...database.objectStoreNames].forEach((one) => database.deleteObjectStore(one));
  database.createObjectStore("kept");
  database.createObjectStore("findings", { keyPath: "sequence" });
});

export const get = (key) => within(["kept"], "readonly", (kept) => kept.get(key));
export const put = (key, value) => within(["kept"], "readwrite", (kept) => kept.put(value, key));

// Change one value by what it is, in one transaction; resolves with what it has become.
export const revise = (key, change) =>
  within(["kept"], "readwrite", (kept) => {
    const told = {}, asked = kept.get(key);
    asked.onsuccess = () => {
      told.result = change(asked.result);
      if (told.result !== undefined) kept.put(told.result, key);
    };
    return told;
  });

export const findings = () => within(["findings"], "readonly", (found) => found.getAll());
export const change = (finding) => within(["findings"], "readwrite", (found) => found.put(finding));

// A finding and the head of the chain it builds on, both or neither; refused when another tab was first.
export const append = (finding, head) =>
  within(["findings", "kept"], "readwrite", (found, kept) => {
    found.add(finding);
    kept.put(head, "head");
  });

export const clear = () => begin({});

// Forget everything and keep these values instead, or change nothing.
export const begin = (values) =>
  within(["findings", "kept"], "readwrite", (found, kept) => {
    found.clear();
    kept.clear();
    for (const [key, value] of Object.entries(values)) kept.put(value, key);
  });
