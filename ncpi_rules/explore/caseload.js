(function () {
  var chosen = document.querySelector("[data-filter=sort]");
  function rows(table) { return Array.prototype.slice.call(table.querySelectorAll("tbody tr")); }
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
  chosen.addEventListener("input", function () { sort(chosen.value, 1); });
  sort("order", 1);
  chosen.value = "order";
}());
