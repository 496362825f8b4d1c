// Words in the language of the page, from a file made of the service's own texts.
let texts = {};

export async function load(language, room = "/inspector/") {
  texts = await (await fetch(`${room}words/${language}.json`)).json();
}

export function say(message, params = {}) {
  const text = texts[message] || message;
  return text.replace(/%\((\w+)\)s|%%/g, (all, name) => (name ? String(params[name] === undefined ? `‹${name}›` : params[name]) : "%"));
}

export const explain = (refusal) => (refusal.code ? refusal.words || say(refusal.code, refusal.params) : say("inspector.failed"));
