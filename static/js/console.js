// Opens native dialogs from their links, closes the menu on Escape, and moves to the list of mistakes. Every page works without it.
document.addEventListener("click", function (event) {
  var opener = event.target.closest && event.target.closest("[data-opens]");
  var dialog = opener && document.getElementById(opener.getAttribute("data-opens"));
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
});
document.addEventListener("keydown", function (event) {
  var menu = event.key === "Escape" && document.querySelector(".bt-console-menu[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});
(function () {
  var mistakes = document.getElementById("mistakes");
  if (mistakes) mistakes.focus();
})();
