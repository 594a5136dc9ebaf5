// Signing in with a passkey, and a code from the address. Without this file the rest still works.
(() => {
  const kept = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];

  // Older phones can't turn these into text themselves.
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=/g, "");

  const ask = async (address) => {
    const publicKey = await (await fetch(address)).json();
    const known = publicKey.excludeCredentials || publicKey.allowCredentials || [];
    for (const passkey of known) passkey.id = toBytes(passkey.id);
    publicKey.challenge = toBytes(publicKey.challenge);
    if (!publicKey.user) return navigator.credentials.get({ publicKey });
    publicKey.user.id = toBytes(publicKey.user.id);
    return navigator.credentials.create({ publicKey });
  };

  const written = ({ id, rawId, type, response: given }) => {
    const response = {};
    for (const name of kept) if (given[name]) response[name] = toText(given[name]);
    return JSON.stringify({ id, rawId: toText(rawId), type, response });
  };

  let isBusy = false;

  const press = async ({ currentTarget: button }) => {
    const { passkey, field, failed, known } = button.dataset;
    const form = button.form;
    const note = form.querySelector("[data-note]");
    if (isBusy || !form.reportValidity()) return;
    isBusy = true;
    note.textContent = note.className = "";
    try {
      // A page that came back with something to mend brings its new passkey along.
      if (!form.elements[field].value) form.elements[field].value = written(await ask(passkey));
      form.submit();
    } catch (error) {
      note.className = "note warn";
      note.textContent = (error.name === "InvalidStateError" && known) || failed;
      button.focus();
      isBusy = false;
    }
  };

  addEventListener("pageshow", () => (isBusy = false)); // back from where the form led

  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll("[data-with-passkey]")) part.hidden = false;
    for (const button of document.querySelectorAll("[data-passkey]"))
      button.addEventListener("click", press);
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then((is) => {
      for (const part of document.querySelectorAll("[data-fold]")) part.open = !is;
    });
  }

  // The part behind # never goes to the server, and need not stay in the history.
  const code = location.hash.slice(1);
  if (/^[0-9A-Z-]{16,19}$/.test(code)) {
    const field = document.querySelector("input[name=code]");
    const told = document.querySelector("[data-filled]");
    if (field) field.value = code;
    if (field && told) told.textContent = told.dataset.filled;
    history.replaceState(null, "", location.pathname);
  }
})();
