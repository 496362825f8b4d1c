// What the telephone keeps: named values, findings in their order, photos apart from them. IndexedDB, nothing else.
const NAME = "brandtrace-inspector", VERSION = 1;

let opened;

function open() {
  opened = opened || new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("findings", { keyPath: "sequence" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

// One transaction; resolves with what `act` asked for once everything is on the disk.
async function within(stores, mode, act) {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(stores, mode);
    const asked = act(...stores.map((one) => transaction.objectStore(one)));
    transaction.oncomplete = () => done(asked && asked.result);
    transaction.onerror = () => failed(transaction.error);
    transaction.onabort = () => failed(transaction.error);
  });
}

export const get = (key) => within(["kept"], "readonly", (kept) => kept.get(key));
export const put = (key, value) => within(["kept"], "readwrite", (kept) => kept.put(value, key));
export const findings = () => within(["findings"], "readonly", (found) => found.getAll());
export const change = (finding) => within(["findings"], "readwrite", (found) => found.put(finding));

// A finding and the head of the chain it builds on, both or neither; refused when another tab was first.
export const append = (finding, head) =>
  within(["findings", "kept"], "readwrite", (found, kept) => {
    found.add(finding);
    kept.put(head, "head");
  });

export const forget = (sequence) => within(["findings"], "readwrite", (found) => found.delete(sequence));
export const clear = () => within(["findings", "kept"], "readwrite", (found, kept) => { found.clear(); kept.clear(); });
