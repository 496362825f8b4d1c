// What is seen of the lock: the page that asks for the PIN, the form that changes it, and the moments when it shuts.
import * as lock from "./lock.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
let timer;

// What the locked page says: tries left, the wait, and what goes with the tenth wrong one.
export async function show() {
  clearTimeout(timer);
  const told = await lock.standing();
  at("locked").hidden = !told;
  if (!told) return;
  const lines = [];
  if (told.unsent) lines.push(say("inspector.lock_unsent", { count: told.unsent }));
  if (told.wrong) lines.push(say(told.unsent ? "inspector.lock_loses" : "inspector.lock_ends", { left: told.left, count: told.unsent }));
  if (told.seconds) lines.push(say("inspector.pin_wait", { seconds: told.seconds }));
  at("locked-told").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  at("unlock-button").disabled = told.seconds > 0;
  if (told.seconds) timer = setTimeout(show, 1000);
}

// What an enrolment would take away from a telephone that already holds something.
export async function offered() {
  const told = await lock.standing();
  at("offer-loses").hidden = !(told && told.unsent);
  at("offer-loses").textContent = told && told.unsent ? say("inspector.offer_loses", { count: told.unsent }) : "";
}

export function taken(form) {
  const values = [...form.querySelectorAll("input")].map((one) => one.value);
  form.reset();
  return values;
}

// trying = how the page runs an act and says what went wrong; again = what it shows once the lock was opened or shut.
export function wire(rules, trying, again) {
  lock.set(rules);
  const shut = () => {
    if (!lock.isOpen()) return;
    lock.shut();
    again();
  };
  at("unlock").onsubmit = trying(async () => {
    try {
      await lock.open(taken(at("unlock"))[0]);
    } finally {
      await again();
    }
  });
  at("change-pin").onsubmit = trying(async () => {
    const [now, next, repeated] = taken(at("change-pin"));
    try {
      await lock.change(now, next, repeated);
    } finally {
      await again();
    }
    return say("inspector.pin_changed");
  });
  at("lock-now").onclick = shut;
  lock.watch(rules.idle, rules.away, shut);
}
