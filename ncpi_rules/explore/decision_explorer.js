// Looks up what the exported tables say of a case, and adds days. It holds no rule.
function exploreDecisions(tables) {
  "use strict";
  var names = tables.names;
  var months = ("January February March April May June July August September October November " +
    "December").split(" ");
  var EPOCH = 719163; // the ordinal of 1 January 1970

  // --- Values: cells and regions ---

  function resultOf(outcome, values) {
    var place = 0;
    outcome.tests.forEach(function (name) {
      place = place * names[name].values.length + values[name];
    });
    var letter = outcome.cells.charAt(place);
    return outcome.results.filter(function (result) { return result.letter === letter; })[0];
  }

  function applies(rule, values) {
    return rule.boxes.some(function (box) {
      return box.every(function (test) { return test[1] >> values[test[0]] & 1; });
    });
  }

  // Returns the values, decided ones included, the result of each outcome and the rules that apply.
  function decide(values) {
    var all = values.slice();
    var rules = [];
    var results = tables.outcomes.map(function (outcome) {
      var result = resultOf(outcome, all);
      all[outcome.number] = result.value;
      rules = rules.concat(result.rules);
      return result;
    });
    tables.rules.forEach(function (rule, at) {
      if (applies(rule, all)) { rules.push(at); }
    });
    return { values: all, results: results, rules: rules };
  }

  // --- Days, as ordinals ---

  function ordinal(text) {
    var parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
    return parts ? Date.UTC(+parts[1], parts[2] - 1, +parts[3]) / 864e5 + EPOCH : null;
  }

  function dated(day) { return new Date((day - EPOCH) * 864e5); }

  function spoken(day) {
    var date = dated(day);
    return date.getUTCDate() + " " + months[date.getUTCMonth()] + " " + date.getUTCFullYear();
  }

  function known(day) { return day >= tables.first && day <= tables.last; }

  function isWorking(calendar, day) {
    if ((day - 1) % 7 < 5) { return calendar.off.indexOf(day) < 0; }
    return calendar.worked.indexOf(day) >= 0;
  }

  function step(calendar, day, count) {
    var way = count > 0 ? 1 : -1;
    for (var left = Math.abs(count); left && known(day); left -= 1) {
      do { day += way; } while (known(day) && !isWorking(calendar, day));
    }
    return day;
  }

  function addMonths(day, count) {
    var date = dated(day);
    var first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
    var next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count + 1, 1);
    var within = Math.min(date.getUTCDate(), (next - first) / 864e5);
    return first / 864e5 + EPOCH + within - 1;
  }

  // Returns the last (or first) day that a bound allows, for a day of its anchor; null beyond the
  // years whose days off are known.
  function moved(bound, day, policy) {
    var calendar = tables.calendars[bound.calendar];
    var end = day;
    if (bound.unit === "months") {
      end = addMonths(day, bound.count);
      if (bound.with_day && dated(end).getUTCDate() === dated(day).getUTCDate()) { end -= 1; }
    } else if (bound.unit === "working days") {
      end = step(calendar, day - (bound.with_day ? 1 : 0), bound.count);
    } else {
      end += bound.count * (bound.unit === "weeks" ? 7 : 1) - (bound.with_day ? 1 : 0);
    }
    end += bound.days;
    if (known(end) && bound.moves && policy !== "stands" && !isWorking(calendar, end)) {
      end = step(calendar, end, policy === "moves-to-the-working-day-before" ? -1 : 1);
    }
    return known(day) && known(end) ? end : null;
  }

  function policyOf(values) {
    for (var at = 0; at < names.length; at += 1) {
      if (names[at].id === tables.policy) { return names[at].values[values[at]]; }
    }
    return tables.policy;
  }

  // Returns the due date and the first day of a deadline, and the events that it waits for.
  function limits(rule, dates, policy) {
    var found = { due: null, first: null, waits: [], beyond: false };
    rule.bounds.forEach(function (bound) {
      var day = dates[bound.anchor];
      if (day === null || day === undefined) {
        if (!bound.floor) { found.waits.push(bound.anchor); }
        return;
      }
      var end = moved(bound, day, policy);
      if (end === null) {
        found.beyond = true;
      } else if (bound.floor) {
        found.first = found.first === null ? end : Math.max(found.first, end);
      } else {
        found.due = found.due === null ? end : Math.min(found.due, end);
      }
    });
    return found;
  }

  // --- The page ---

  function make(tag, text, kind) {
    var part = document.createElement(tag);
    if (text) { part.textContent = text; }
    if (kind) { part.className = kind; }
    return part;
  }

  function references(rule) {
    var where = make("span", "", "ref");
    var links = [["#r-", rule.id]];
    rule.statements.forEach(function (id) { links.push(["#s-", id]); });
    rule.questions.forEach(function (id) { links.push(["#q-", id]); });
    links.forEach(function (link, at) {
      var anchor = make("a", link[1]);
      anchor.href = link[0] + link[1];
      if (at) { where.appendChild(document.createTextNode(", ")); }
      where.appendChild(anchor);
    });
    return where;
  }

  function cited(tag, rule, text) {
    var part = make(tag, text + " ");
    part.appendChild(references(rule));
    return part;
  }

  function outcomePart(result, outcome, values, kind) {
    var name = names[outcome.number];
    var part = make("div", "", kind);
    part.appendChild(make("p", name.label + ": ", "xn"));
    part.lastChild.appendChild(make("strong", name.labels[result.value]));
    part.appendChild(make("p", result.basis + ".", "xb"));
    result.rules.forEach(function (at) {
      part.appendChild(cited("p", tables.rules[at], tables.rules[at].says));
    });
    if (!result.rules.length) { part.appendChild(make("p", "No rule decides it.")); }
    var tested = {};
    result.rules.forEach(function (at) {
      tables.rules[at].tests.forEach(function (test) { tested[test] = true; });
    });
    var why = make("details");
    why.appendChild(make("summary", "Why"));
    var list = why.appendChild(make("ul"));
    Object.keys(tested).forEach(function (at) {
      var name = names[at];
      var said = name.kind === "outcome" ? name.label + ": " + name.labels[values[at]] :
        name.kind === "question" ? name.id + ": " + name.says[values[at]] : name.says[values[at]];
      list.appendChild(make("li", said));
    });
    if (list.firstChild) { part.appendChild(why); }
    return part;
  }

  function datesPart(rules, dates, policy) {
    var rows = rules.map(function (rule) {
      return { rule: rule, at: limits(rule, dates, policy) };
    });
    rows.sort(function (one, other) {
      return (one.at.due || Infinity) - (other.at.due || Infinity) || 0;
    });
    var part = make("div");
    part.appendChild(make("h3", "Due dates"));
    if (!rows.length) {
      part.appendChild(make("p", "No deadline applies.", "soft"));
      return part;
    }
    var table = part.appendChild(make("table", "", "xd"));
    var head = table.appendChild(make("thead")).appendChild(make("tr"));
    ["Due", "What", "Source"].forEach(function (text) {
      head.appendChild(make("th", text)).scope = "col";
    });
    var body = table.appendChild(make("tbody"));
    rows.forEach(function (row) {
      var line = body.appendChild(make("tr"));
      line.appendChild(make("td", due(row.at)));
      var what = row.rule.by + ": " + row.rule.says;
      line.appendChild(make("td", what));
      line.appendChild(make("td")).appendChild(references(row.rule));
    });
    return part;
  }

  function due(at) {
    var says = at.due === null ? "No date is set" : spoken(at.due);
    if (at.due === null && at.waits.length) {
      says = "Waits for: " + at.waits.map(function (event) {
        return tables.events[event].label;
      }).join(", ");
    }
    if (at.beyond) { says = "Beyond the years of this page"; }
    return says + (at.first === null ? "" : "; not before " + spoken(at.first));
  }

  function listPart(title, rules, folded) {
    var part = make(folded ? "details" : "div");
    var head = title + (folded ? " (" + rules.length + ")" : "");
    part.appendChild(make(folded ? "summary" : "h3", head));
    var list = part.appendChild(make("ul"));
    rules.forEach(function (rule) { list.appendChild(cited("li", rule, rule.says)); });
    if (!rules.length) { list.replaceWith(make("p", "None.", "soft")); }
    return part;
  }

  function put(place, part) {
    // What stays the same is left alone, so that it is not read out again.
    if (place.dataset.shows !== part.innerHTML) {
      place.dataset.shows = part.innerHTML;
      var open = place.querySelector("details[open]") !== null;
      place.replaceChildren(part);
      place.querySelectorAll("details").forEach(function (one) { one.open = open; });
    }
  }

  function show(form, result) {
    var values = names.map(function (name) { return name.start; });
    form.querySelectorAll("select[data-name]").forEach(function (select) {
      values[+select.dataset.name] = select.selectedIndex;
    });
    var dates = tables.events.map(function () { return null; });
    form.querySelectorAll("input[data-event]").forEach(function (input) {
      dates[+input.dataset.event] = ordinal(input.value);
    });
    var decided = decide(values);
    var applying = decided.rules.map(function (at) { return tables.rules[at]; });
    function listed(list) {
      return applying.filter(function (rule) { return rule.list === list; });
    }
    var parts = {};
    tables.outcomes.forEach(function (outcome, at) {
      var kind = at === tables.main ? "xmain" : "";
      parts["outcome-" + at] = outcomePart(decided.results[at], outcome, decided.values, kind);
    });
    parts.alerts = listPart("Please note", listed("alerts"), false);
    if (!listed("alerts").length) { parts.alerts = make("div"); }
    parts.deadlines = datesPart(listed("deadlines"), dates, policyOf(values));
    parts.required_actions = listPart("Required actions", listed("required_actions"), true);
    parts.optional_actions = listPart("Optional actions", listed("optional_actions"), true);
    parts.documents = listPart("Documents that may be asked for", listed("documents"), true);
    parts.questions = listPart("Questions to answer", listed("questions"), true);
    result.querySelectorAll("[data-part]").forEach(function (place) {
      put(place, parts[place.dataset.part]);
    });
  }

  var form = document.getElementById("x-form");
  var result = document.getElementById("x-result");
  if (form && result) {
    var again = function () { show(form, result); };
    form.addEventListener("input", again);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("reset", function () { setTimeout(again, 0); });
    again();
  }
  return { decide: decide, moved: moved, limits: limits, policyOf: policyOf, spoken: spoken };
}
