// A database of this browser (IndexedDB): opened once, asked in transactions.
export function shelf(name, version, upgrade) {
  let opened;

  const open = () => {
    opened = opened || new Promise((done, failed) => {
      const asked = indexedDB.open(name, version);
      asked.onupgradeneeded = () => upgrade(asked.result);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    return opened;
  };

  // One transaction; resolves with what `act` asked for once everything is on the disk.
  return async function within(stores, mode, act) {
    const database = await open();
    return new Promise((done, failed) => {
      const transaction = database.transaction(stores, mode);
      const asked = act(...stores.map((one) => transaction.objectStore(one)));
      transaction.oncomplete = () => done(asked && asked.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  };
}
