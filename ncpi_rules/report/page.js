document.documentElement.className = "js";
document.querySelectorAll("button[data-by]").forEach(function (button, place) {
  button.addEventListener("click", function () {
    var shown = 0;
    document.querySelectorAll("button[data-by]").forEach(function (other) {
      other.setAttribute("aria-pressed", String(other === button));
    });
    document.querySelectorAll(".group").forEach(function (group) {
      var any = false;
      group.querySelectorAll("tr[data-by]").forEach(function (row) {
        row.hidden = place > 0 && row.dataset.by !== button.dataset.by;
        if (!row.hidden) { any = true; shown += 1; }
      });
      group.hidden = !any;
    });
    document.getElementById("count").textContent = shown === 1 ? "1 action shown" : shown + " actions shown";
  });
});
document.querySelectorAll("button[data-copies]").forEach(function (button) {
  button.addEventListener("click", function () {
    var letter = document.getElementById(button.dataset.copies), said = button.parentNode.querySelector("[role=status]");
    function select() {
      var range = document.createRange(), selection = window.getSelection();
      range.selectNodeContents(letter);
      selection.removeAllRanges();
      selection.addRange(range);
      said.textContent = "The text is selected: press Ctrl+C.";
    }
    if (!navigator.clipboard) { select(); return; }
    navigator.clipboard.writeText(letter.textContent).then(function () { said.textContent = "Copied."; }, select);
  });
});
window.addEventListener("beforeprint", function () {
  document.querySelectorAll("details:not(.why)").forEach(function (part) { part.open = true; });
});
