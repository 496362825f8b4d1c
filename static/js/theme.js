// Gives Tabler the reader's choice of light or dark before the first paint; without scripts the console is light.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  }
  follow();
  if (dark.addEventListener) dark.addEventListener("change", follow);
})();
