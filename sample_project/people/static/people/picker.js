// Shows the point of the page's picker as text, as a page of your own might send it anywhere.
document.addEventListener("input", (event) => {
  const picker = event.target.closest("versatile-ppoi");
  if (picker) {
    document.getElementById("point").textContent = picker.value;
  }
});
