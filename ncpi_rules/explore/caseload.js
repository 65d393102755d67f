document.documentElement.className = "js";
(function () {
  var controls = {};
  document.querySelectorAll("[data-filter]").forEach(function (control) {
    controls[control.dataset.filter] = control;
    control.addEventListener("input", control.dataset.filter === "sort" ? function () { sort(control.value, 1); } : filter);
  });
  function rows(table) { return Array.prototype.slice.call(table.querySelectorAll("tbody tr")); }
  function filter() {
    var shown = 0, text = controls.force.value.trim().toLowerCase();
    document.querySelectorAll(".cl").forEach(function (table) {
      var any = false;
      rows(table).forEach(function (row) {
        row.hidden = row.dataset.force.toLowerCase().indexOf(text) < 0 ||
          (controls.status.value && row.dataset.status !== controls.status.value) ||
          (controls.tier.value && row.dataset.tier !== controls.tier.value);
        if (!row.hidden) { any = true; shown += 1; }
      });
      table.closest("section").hidden = !any;
    });
    document.getElementById("count").textContent = shown === 1 ? "1 follow-up shown" : shown + " follow-ups shown";
  }
  function compare(one, other) {
    return /^\d+$/.test(one) && /^\d+$/.test(other) ? one - other : one.localeCompare(other);
  }
  function sort(key, direction) {
    document.querySelectorAll(".cl").forEach(function (table) {
      var body = table.querySelector("tbody");
      rows(table).sort(function (one, other) {
        return direction * compare(one.dataset[key], other.dataset[key]) || compare(one.dataset.order, other.dataset.order);
      }).forEach(function (row) { body.appendChild(row); });
      table.querySelectorAll(".so").forEach(function (button) {
        var head = button.closest("th");
        if (button.dataset.key === key) { head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending"); }
        else { head.removeAttribute("aria-sort"); }
      });
    });
  }
  document.querySelectorAll(".so").forEach(function (button) {
    button.addEventListener("click", function () {
      sort(button.dataset.key, button.closest("th").getAttribute("aria-sort") === "ascending" ? -1 : 1);
    });
  });
  sort("order", 1);
  controls.sort.value = "order";
}());
