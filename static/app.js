// What a page does beyond its forms and links. Without this file everything still works.
(() => {
  const page = document.body;
  const words = page.dataset;
  const typing = "textarea, select, input:not([type=hidden])";

  // A part in which somebody is busy is left alone: no refresh may take typed text away.
  const isBusy = (part) =>
    [...part.querySelectorAll(typing)].some(
      (field) =>
        field === document.activeElement ||
        field.checked !== field.defaultChecked ||
        (field.defaultValue !== undefined && field.value !== field.defaultValue),
    );

  const isPoll = (detail) => detail.requestConfig.elt.matches("[data-poll]");
  const messages = () => document.getElementById("messages");
  const lostForm = () => messages().querySelector('[data-trouble="form"]');

  const say = (text) => {
    const note = document.createElement("p");
    note.className = "note urgent";
    note.textContent = text;
    messages().replaceChildren(note);
  };

  page.addEventListener("htmx:beforeRequest", (event) => {
    const { detail } = event;
    if (isPoll(detail) && (document.hidden || isBusy(detail.target))) event.preventDefault();
  });

  const refresh = () => {
    for (const part of document.querySelectorAll("[data-poll][hx-get]"))
      htmx.ajax("GET", part.getAttribute("hx-get"), { source: part });
  };

  document.addEventListener("visibilitychange", () => document.hidden || refresh());

  page.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (isPoll(detail) && (detail.isError ? lostForm() : isBusy(detail.target))) {
      detail.shouldSwap = false;
      return;
    }
    // A whole page as an error comes from the proxy or a row that is gone: no part to show.
    if (detail.isError && /<html/i.test(detail.serverResponse)) {
      detail.shouldSwap = false;
      say(detail.xhr.status === 404 ? words.gone : words.failed);
    }
  });

  // A message about trouble stays until such a request gets through; a refresh never hides
  // that a form was not sent.
  const markTrouble = (detail) => {
    if (isPoll(detail) && lostForm()) return;
    for (const note of messages().children) note.dataset.trouble = isPoll(detail) ? "poll" : "form";
  };

  const notSent = ({ detail }) => {
    if (isPoll(detail) && lostForm()) return;
    say(isPoll(detail) ? words.offline : words.notSent);
    markTrouble(detail);
  };

  page.addEventListener("htmx:sendError", notSent);
  page.addEventListener("htmx:timeout", notSent);

  page.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return markTrouble(detail);
    const over = isPoll(detail) ? '[data-trouble="poll"]' : "[data-trouble]";
    for (const note of messages().querySelectorAll(over)) note.remove();
  });

  // At once, without motion: the part starts where somebody can begin to read it.
  const bringIntoView = (part) => {
    const { top, bottom } = part.getBoundingClientRect();
    if (top < 0 || (top > innerHeight / 2 && bottom > innerHeight)) part.scrollIntoView();
  };

  // Good news floats along for a while, then stays where it stands: at the top of the page.
  const keepInSight = (notes) => {
    for (const note of notes) {
      note.classList.add("fresh");
      setTimeout(() => note.classList.remove("fresh"), 8000);
    }
  };

  // Whoever pressed a button that was swapped away goes on where it was.
  page.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    if (isPoll(detail) || target.closest("#messages")) return;
    refresh(); // what was just sent shows on the board at once
    const wanted = target.matches("[data-focus]") ? target : target.querySelector("[data-focus]");
    if (wanted) return wanted.focus();
    if (document.activeElement === page) {
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
    bringIntoView(target);
    keepInSight(messages().querySelectorAll(".good"));
  });

  const showCopyButtons = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };

  page.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
    const label = button.textContent;
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = label), 3000);
  });

  // Leaving quickly: nothing is to be read while the answer is on its way.
  document.querySelector(".exit")?.addEventListener("submit", () => (page.hidden = true));

  // Back to a page the browser kept whole: ask anew who is there.
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

  // htmx notes the last address there; a phone keeps nothing of us.
  addEventListener("pagehide", () => sessionStorage.clear());

  page.addEventListener("htmx:load", showCopyButtons);
  showCopyButtons();
})();
