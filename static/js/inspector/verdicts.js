// The verdict on one scan from plain facts, word for word as trace/rules/verdicts decides it. Golden vectors shared with
// the service: trace/rules/data/verdict-vectors.json.
const reason = (code, weight, params = {}) => ({ code, weight, params });

export function decide(facts) {
  const red = reds(facts), amber = [...offLine(facts), ...ambers(facts)];
  if (red.length) return { colour: "red", reasons: [...red, ...amber] };
  return { colour: amber.length ? "amber" : "green", reasons: [...amber, ...information(facts)] };
}

const lookedUp = (facts) => facts.looked_up !== false;

function reds(facts) {
  const found = [], code = facts.code;
  if (facts.signature === "bad") found.push(reason("verdicts.bad_signature", "red"));
  if (facts.key === "distrusted") found.push(reason("verdicts.key_distrusted", "red"));
  if (!code) {
    if (lookedUp(facts)) found.push(reason("verdicts.code_unknown", "red"));
    return found;
  }
  if (code.void) found.push(reason("verdicts.void", "red"));
  if (code.recalled) found.push(reason("verdicts.recalled", "red", { batch: code.batch }));
  if (!code.activated && !code.void) found.push(reason("verdicts.not_activated", "red"));
  return found;
}

function offLine(facts) {
  const found = [], lists = facts.lists;
  if (lists && facts.today < lists.made_on) found.push(reason("verdicts.clock_back", "amber", { made: lists.made_on }));
  if (lists && facts.today > lists.good_until) found.push(reason("verdicts.lists_expired", "amber", { made: lists.made_on }));
  if (facts.key === "unknown") found.push(reason("verdicts.key_unknown", "amber"));
  if (!facts.code && !lookedUp(facts)) found.push(reason("verdicts.not_looked_up", "amber"));
  return found;
}

function ambers(facts) {
  const found = [], code = facts.code;
  if (!code) return found;
  if (code.held) found.push(reason("verdicts.held", "amber"));
  if (code.stopped) found.push(reason("verdicts.stopped", "amber"));
  else if (code.some_stopped) found.push(reason("verdicts.some_stopped", "amber"));
  if (code.signed && facts.signature === "absent") found.push(reason("verdicts.signature_missing", "amber"));
  found.push(...licence("at_packing", code.licence_at_packing, code.brand_halt_at_packing));
  found.push(...licence("today", code.licence_today, code.brand_halt_today));
  if (code.shelf_life_ends && facts.today > code.shelf_life_ends) found.push(reason("verdicts.shelf_life_over", "amber", { ended: code.shelf_life_ends }));
  if (code.breaches_open) found.push(reason("verdicts.breach_open", "amber", { count: code.breaches_open }));
  if (code.steps_missing) found.push(reason("verdicts.chain_incomplete", "amber", { count: code.steps_missing }));
  if (code.one_pack) for (const { signal, count } of code.signals || []) found.push(reason(`verdicts.suspicious.${signal}`, "amber", { count }));
  return found;
}

function licence(when, status, halt) {
  if (halt) return [reason(`verdicts.brand_${when}.${halt.state}`, "amber", { brand: halt.brand })];
  return status === "valid" ? [] : [reason(`verdicts.licence_${when}.${status}`, "amber")];
}

function information(facts) {
  const found = [], code = facts.code;
  if (facts.lists) found.push(reason("verdicts.off_line", "green", { made: facts.lists.made_on }));
  if (code) {
    found.push(reason("verdicts.issued", "green", { batch: code.batch, enterprise: code.enterprise }));
    if (facts.signature === "typed") found.push(reason("verdicts.typed", "green"));
    else if (!code.signed) found.push(reason("verdicts.unsigned", "green"));
    if (code.one_pack) found.push(...looks(code));
  }
  found.push(reason("verdicts.can_be_copied", "green"));
  return found;
}

function looks(code) {
  const found = code.sold_on ? [reason("verdicts.sold", "green", { on: code.sold_on })] : [];
  if (code.scans_before) found.push(reason("verdicts.scanned_before", "green", { count: code.scans_before }));
  else if (code.scans_before === 0) found.push(reason("verdicts.first_scan", "green"));
  return found;
}
