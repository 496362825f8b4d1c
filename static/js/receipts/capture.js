// On every page of the console, once this phone keeps receipts: what was just stated joins the queue, the count is shown.
const FLAG = "brandtrace-keeps-receipts";

async function run() {
  const [queue, store, words] = await Promise.all([import("./queue.js"), import("./store.js"), import("../inspector/words.js")]);
  const node = document.getElementById("kept-receipts");
  await words.load(document.documentElement.lang === "en" ? "en" : "zh", "/receipts/kept/");
  const show = async () => {
    const kept = (await store.receipts()).length, waiting = (await queue.waiting()).length;
    node.firstElementChild.textContent = words.say("receipts.count", { kept, waiting });
    node.hidden = false;
  };
  await queue.add(document.body.dataset.captures);
  await show();
  for (let pause = 1500; pause < 30000 && (await queue.waiting()).length; pause *= 2) {
    await queue.ask(document.body.dataset.origin).catch(() => 0);
    await show();
    await new Promise((done) => { setTimeout(done, pause); });
  }
}

if (localStorage.getItem(FLAG) === "yes") run();
