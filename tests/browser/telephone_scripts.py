"""What runs inside the pages of telephones while they are tested: asked of their modules, or done to what they keep."""

from __future__ import annotations

READ_CODES = """async ({vectors}) => {
  const codes = await import("/static/js/inspector/codes.js"), bytes = await import("/static/js/inspector/bytes.js");
  const signatures = await import("/static/js/inspector/signatures.js");
  const key = bytes.fromBase64url(vectors.key.public, 32), wrong = [];
  const outcome = async (text, origin, check) => {
    let code;
    try { code = codes.readAddress(text); } catch (refusal) { return refusal.code; }
    if (!code.kid) return "signature.false";
    const fits = await check(key, bytes.utf8(codes.signedText(origin, code)), code.signature);
    return fits ? "accepted" : "signature.false";
  };
  for (const check of [signatures.verify, signatures.byBrowser, signatures.byLibrary]) {
    for (const one of vectors.must_pass) {
      const found = await outcome(one.text, one.origin, check);
      if (found !== "accepted") wrong.push([check.name, one.text, found]);
    }
    for (const one of vectors.must_fail) {
      const found = await outcome(one.text, one.origin || vectors.origin, check);
      if (found !== one.code) wrong.push([check.name, one.text.slice(0, 80), found, one.code]);
    }
  }
  for (const one of vectors.must_pass_unsigned) {
    const code = codes.readAddress(one.text);
    if (code.batch !== one.batch || code.serial !== one.serial || code.kid) wrong.push(one.text);
    if (codes.readTyped(codes.humanReadable(code)).serial !== one.serial) wrong.push(["typed", one.text]);
  }
  return wrong;
}"""
#: Sizes of photos of noise, which no picture can be smaller than, as they are kept under a bound and without one.
BOUNDED = """async ({bounds}) => {
  const canvas = document.createElement("canvas"), queue = await import("/static/js/inspector/queue.js");
  canvas.width = canvas.height = 900;
  const paint = canvas.getContext("2d"), image = paint.createImageData(900, 900);
  for (let at = 0; at < image.data.length; at += 1) image.data[at] = at % 4 === 3 ? 255 : Math.random() * 256;
  paint.putImageData(image, 0, 0);
  const taken = await new Promise((done) => canvas.toBlob(done, "image/png")), sizes = [];
  for (const bound of bounds) sizes.push((await queue.photo(taken, bound)).data.length);
  return sizes;
}"""
LATER_KEY = """async ({vectors}) => {
  const codes = await import("/static/js/inspector/codes.js"), {judge} = await import("/static/js/inspector/judge.js");
  const {text, origin} = vectors.must_pass.find((one) => codes.readAddress(one.text).batch);
  const now = Date.now(), found = [];
  const {batch, kid} = codes.readAddress(text), made_at = new Date(now - 1000), good_until = new Date(now + 86400000);
  const entry = {batch, licence: "L", kids: ["OLD"], goods: [], recalled: "", held: false, distrusted: {OLD: null}};
  for (const key of [{licences: ["L"]}, {licences: ["M"]}, {licences: ["L"], state: "distrusted"}, {}]) {
    const keys = {[kid]: {x: vectors.key.public, state: "active", ...key}};
    const licences = {L: {today: {status: "valid", halt: null}, until: "2999-01-01"}};
    const head = {origin, keys, licences, version: 1, made_at, good_until};
    const list = {head, entries: new Map([[batch, JSON.stringify(entry)]])};
    const {verdict, signature} = await judge(codes.readAddress(text), list, now, now);
    found.push([verdict.colour, signature, verdict.reasons[0].code]);
  }
  return found;
}"""
DECIDE = """async ({vectors}) => {
  const {decide} = await import("/static/js/inspector/verdicts.js");
  const sorted = (key, one) => one && one.constructor === Object ? Object.fromEntries(Object.entries(one).sort()) : one;
  const plain = (value) => JSON.stringify(value, sorted), told = (one) => plain(decide(one.facts));
  return vectors.filter((one) => told(one) !== plain(one.verdict)).map((one) => [one.name, told(one)]);
}"""
READ_GOODS = """async ({texts}) => {
  const codes = await import("/static/js/inspector/codes.js");
  const read = (text) => { try { return codes.readAddress(text).element; } catch (refusal) { return refusal.code; } };
  return texts.map(read);
}"""
LOOK_UP = """async ({found, members, strangers}) => {
  const {holds} = await import("/static/js/inspector/lists.js");
  return [members.filter((one) => !holds(found, one)).length, strangers.filter((one) => holds(found, one)).length];
}"""
TAMPER = """async () => {
  const store = await import("/static/js/receipts/store.js"), queue = await import("/static/js/receipts/queue.js");
  const {entry} = await import("/static/js/receipts/check.js"), {held} = await import("/static/js/receipts/trust.js");
  const [one] = await store.receipts(), told = JSON.parse(one.receipt.split("\\n")[1]), found = [];
  const code = async (act) => { try { await act(); return "taken"; } catch (error) { return error.code; } };
  found.push(await code(async () => entry(one.proof, {...told, leaf_hash: "0".repeat(64)}, await held())));
  found.push(await code(async () => entry(one.proof, {...told, index: told.index + 1}, await held())));
  // Back on the network the page checks too, and may yet write down what it read before.
  for (let times = 0, state = "good"; times < 5 && state === "good"; times += 1) {
    await store.change({...one, receipt: one.receipt.replace('"v":1', '"v":2')});
    await queue.checkAll(document.getElementById("kept").dataset.origin);
    state = (await store.receipts())[0].state;
    if (state !== "good" || times === 4) found.push(state);
  }
  await store.change({...one, state: "unchecked"});
  await store.put("newest", 1000000);
  found.push(await code(() => queue.checkAll(document.getElementById("kept").dataset.origin)));
  await store.put("newest", 0);
  return found;
}"""
AT_REST = """() => new Promise((done) => {
  const asked = indexedDB.open("brandtrace-inspector");
  asked.onsuccess = () => {
    const told = {}, reading = asked.result.transaction(["kept", "findings"], "readonly");
    const letters = (bytes) => [...bytes].map((one) => String.fromCharCode(one)).join("");
    const text = (name, value) => value instanceof Uint8Array ? letters(value)
      : value instanceof CryptoKey ? `key:${value.algorithm.name}:${value.extractable}` : value;
    reading.objectStore("kept").openCursor().onsuccess = (event) => {
      const at = event.target.result;
      if (at) { told[at.key] = JSON.stringify(at.value, text); at.continue(); }
    };
    reading.objectStore("findings").getAll().onsuccess = (event) => {
      told.findings = JSON.stringify(event.target.result, text);
    };
    reading.oncomplete = () => { asked.result.close(); done(told); };
  };
})"""
AWAY = """(seconds) => {
  const now = Date.now, seen = (hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  };
  seen(true);
  Date.now = () => now() + seconds * 1000;
  seen(false);
  Date.now = now;
}"""
CHEAPER = """async () => {
  const lock = await import("/static/js/inspector/lock.js");
  lock.set({ ...JSON.parse(document.getElementById("kit").dataset.lock), rounds: 1000 });
}"""
LATER = """async () => {
  window.ahead += 3601000;
  document.getElementById("told").hidden = true;
  await (await import("/static/js/inspector/locking.js")).show();
}"""
OLDER = """async () => (await import("/static/js/inspector/store.js")).put("highest", 9999)"""
IDLE = """async () => {
  const lock = await import("/static/js/inspector/lock.js");
  await new Promise((done) => lock.watch(0.05, 60, done));
  return lock.isOpen();
}"""
