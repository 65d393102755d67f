document.documentElement.className = "js";
(function () {
  var groups = document.querySelectorAll(".grp");
  var find = document.getElementById("find");
  var count = document.getElementById("count");
  var statements = Array.prototype.map.call(document.querySelectorAll(".st"), function (part) {
    return { part: part, text: part.textContent.toLowerCase() };
  });
  function all(open) {
    groups.forEach(function (group) { group.open = open; });
  }
  function show() {
    var sought = find.value.trim().toLowerCase();
    var shown = 0;
    statements.forEach(function (statement) {
      var fits = statement.text.indexOf(sought) >= 0;
      statement.part.hidden = !fits;
      if (fits) { shown += 1; }
    });
    groups.forEach(function (group) {
      var any = group.querySelector(".st:not([hidden])") !== null;
      group.hidden = !any;
      if (sought && any) { group.open = true; }
    });
    count.textContent = sought ? (shown === 1 ? "1 statement" : shown + " statements") : "";
  }
  function reach() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    if (find.value && target.closest("[hidden]")) { find.value = ""; show(); }
    for (var part = target.closest("details"); part; part = part.parentElement.closest("details")) {
      part.open = true;
    }
    target.scrollIntoView();
  }
  if (!find) { return; }
  if (window.matchMedia("(max-width: 45rem)").matches) { all(false); }
  find.addEventListener("input", show);
  document.getElementById("open-all").addEventListener("click", function () { all(true); });
  document.getElementById("close-all").addEventListener("click", function () { all(false); });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      find.scrollIntoView();
      find.focus();
    } else if (event.key === "Escape" && event.target === find) {
      find.value = "";
      show();
    }
  });
  window.addEventListener("hashchange", reach);
  window.addEventListener("beforeprint", function () { all(true); });
  reach();
}());
