document.documentElement.className = "js";
(function () {
  var controls = {};
  function matches(part, key) {
    return !controls[key] || !controls[key].value || part.dataset[key] === controls[key].value;
  }
  function filter() {
    var shown = 0, text = controls.subject.value.trim().toLowerCase();
    document.querySelectorAll("[data-subject]").forEach(function (part) {
      part.hidden = part.dataset.subject.toLowerCase().indexOf(text) < 0 ||
        !matches(part, "status") || !matches(part, "headline");
      if (!part.hidden && part.tagName === "TR") { shown += 1; }
    });
    document.querySelectorAll(".group").forEach(function (group) {
      var rows = group.querySelectorAll("tr[data-subject]");
      group.hidden = rows.length > 0 && !group.querySelector("tr[data-subject]:not([hidden])");
    });
    document.getElementById("count").textContent = shown === 1 ? "1 follow-up shown" : shown + " follow-ups shown";
  }
  document.querySelectorAll("[data-filter]").forEach(function (control) {
    controls[control.dataset.filter] = control;
    if (control.dataset.filter !== "sort") { control.addEventListener("input", filter); }
  });
}());
