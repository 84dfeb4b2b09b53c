//! Starts the page, or says in words why it cannot start. Reaches nothing but the files beside it.

/** A module with a tail call: what the engine is built with, for twice the speed. */
const TAIL_CALL = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 18, 0, 11];

function say(message) {
  const box = document.createElement("p");
  box.className = "cannot-start";
  box.setAttribute("role", "alert");
  box.textContent = message;
  document.body.replaceChildren(box);
}

async function boot() {
  if (typeof WebAssembly !== "object") {
    say("Drydock cannot start: this browser has no WebAssembly, or it is switched off.");
    return;
  }
  if (!WebAssembly.validate(new Uint8Array(TAIL_CALL))) {
    say(
      "Drydock cannot start: this browser has no WebAssembly tail calls. Chrome and Edge have them from 112, " +
        "Firefox from 121, Safari from 18.2.",
    );
    return;
  }
  try {
    const { default: start } = await import("./app.js");
    await start({ module_or_path: new URL("app_bg.wasm", import.meta.url) });
  } catch (error) {
    say(`Drydock cannot start: ${error instanceof Error ? error.message : error}. Reload the page to try again.`);
  }
}

boot();
