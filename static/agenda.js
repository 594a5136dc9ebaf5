// Dragging an item; the buttons beside it do the same.
(() => {
  let item, over;
  const mark = (row) => {
    over?.classList.remove("drop");
    over = row;
    over?.classList.add("drop");
  };
  document.documentElement.classList.add("drags");
  addEventListener("pointerdown", (event) => (item = event.target.closest(".grip")?.closest("li")));
  addEventListener("pointermove", ({ clientX, clientY }) => {
    if (!item) return;
    mark(document.elementFromPoint(clientX, clientY)?.closest(".agenda li"));
    if (clientY < 80 || clientY > innerHeight - 120) scrollBy(0, clientY < 80 ? -9 : 9);
  });
  addEventListener("pointerup", () => {
    if (item && over && item !== over) {
      over[item.compareDocumentPosition(over) & 4 ? "after" : "before"](item);
      item.closest("form").querySelector("[data-note]").click();
    }
    mark((item = null));
  });
})();
