/* <versatile-ppoi>: a picker of the primary point of interest of a picture.
 *
 * A custom element without dependencies. It writes no markup with styles or scripts in it and
 * uses no blob: or data: addresses, so `Content-Security-Policy: default-src 'self'` allows it.
 * A point is written as fractions of the upright picture, from its left and from its top.
 * Everything is measured when something happens, so an element may start out invisible.
 *
 * Attributes: value ("0.5x0.5"), name (of the hidden input that is sent), src, width, height and
 * alt (of the stored, upright picture), for (the id of a file input whose choice is shown),
 * stored (there is a picture that cannot be shown), disabled, data-text-NAME (see TEXTS).
 * Children: data-crop="400x300" is a live preview; input data-axis="x" or "y" a number;
 * data-reset a button; data-fallback is hidden, for it is only for pages without scripts.
 * Properties: value, point ({x, y}), name, htmlFor, disabled. Method: reset().
 * Events, which bubble: input while the point moves, change when it has moved.
 * data-state is "empty", "ready" or "unreadable".
 */
(() => {
  "use strict";

  if (customElements.get("versatile-ppoi")) return;

  const CENTRE = { x: 0.5, y: 0.5 };
  const STEP = 0.01;
  const LEAP = 0.1;
  const DECIMALS = 4;
  const BUBBLE_TIME = 1500; // milliseconds for which coordinates stay after a move
  const STAGE_SIDE = 1024; // pixels of a canvas: enough for a sharp picture, little for memory
  const CROP_SIDE = 400;
  const KEYS = {
    ArrowLeft: ["x", -1],
    ArrowRight: ["x", 1],
    ArrowUp: ["y", -1],
    ArrowDown: ["y", 1],
    Home: ["x", -Infinity],
    End: ["x", Infinity],
    PageUp: ["y", -Infinity],
    PageDown: ["y", Infinity],
  };

  // What is said where the page brings no data-text-… attribute of its own.
  const TEXTS = {
    label: "Primary Point of Interest",
    role: "point on a picture",
    value: "{x} from the left, {y} from the top",
    reset: "Reset to the center",
    help:
      "Click on the picture or drag the ring. Arrow keys move it by 1%, with Shift by 10%. " +
      "A double-click resets it to the center.",
    empty: "Choose a picture to set its point of interest.",
    loaded: "The new picture is shown.",
    unreadable: "This picture cannot be shown. Its point can still be set by numbers.",
    cleared: "The picture will be removed.",
  };

  let count = 0; // of pickers

  const clamp = (number) => Math.min(Math.max(number, 0), 1);
  const format = (number) => clamp(number).toFixed(DECIMALS);
  const shorten = (number) => number.trim().replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const write = (point) => `${format(point.x)}x${format(point.y)}`;

  /** The point that a text names; null where it names none. */
  function read(text) {
    const parts = (text || "").split("x");
    const [x, y] = parts.map((part) => (part.trim() ? Number(part) : NaN));
    if (parts.length !== 2 || !Number.isFinite(x) || !Number.isFinite(y)) return null;
    return { x: clamp(x), y: clamp(y) };
  }

  /** A new element that the picker made; a copy of the picker makes its own. */
  function make(tag, name, attributes = {}) {
    const node = document.createElement(tag);
    node.className = `versatile-ppoi-${name}`;
    node.dataset.made = "";
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  /** The size of a picture inside a square, never enlarged. */
  function fit(width, height, side) {
    const scale = Math.min(1, side / Math.max(width, height));
    return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  }

  /** A canvas that shows a bitmap; `side` is its longer side in pixels. */
  function draw(bitmap, side, attributes) {
    const canvas = make("canvas", "picture", attributes);
    [canvas.width, canvas.height] = fit(bitmap.width, bitmap.height, side);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /** Where CSS has to put a picture in a frame so that it shows what a crop around the point does.
   *
   * A crop of the length c of a side of the length s lies at min(max(p * s - c / 2, 0), s - c).
   * `object-position` says the same as the share of the room s - c that lies before the crop.
   */
  function place(fraction, side, crop) {
    const room = side - crop;
    return room > 0 ? clamp((fraction * side - crop / 2) / room) : 0.5;
  }

  class VersatilePPOI extends HTMLElement {
    static observedAttributes = "src width height alt stored value name disabled".split(" ");

    #parts = null;
    #size = null; // of the upright picture, in any unit
    #initial = null; // the value that the page came with
    #before = null; // the value that was there before a file was chosen
    #file = null;
    #drag = null;
    #turn = 0; // counts pictures: an older one that is decoded late is dropped
    #timer = 0;
    #stop = null;
    #typed = null; // the number that is being typed, and keeps its text

    connectedCallback() {
      // A script that is not deferred runs before the element's own children are parsed.
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", () => this.isConnected && this.#start(), {
          once: true,
        });
      } else {
        this.#start();
      }
    }

    disconnectedCallback() {
      clearTimeout(this.#timer);
      this.#stop?.abort();
      this.#stop = null;
      this.#drag = null;
    }

    attributeChangedCallback(attribute) {
      if (!this.#parts) return;
      if (attribute === "value") this.#show();
      else if (attribute === "name") this.#parts.hidden.name = this.name;
      else if (attribute === "disabled") this.#tellDisabled();
      else if (!this.#file) this.#showStored();
    }

    /** The text of the point, as it is sent: "0.2500x0.7500". */
    get value() {
      return this.getAttribute("value") || "";
    }

    set value(text) {
      this.setAttribute("value", text);
    }

    /** The point as {x, y}, fractions between 0 and 1. */
    get point() {
      return read(this.value) || { ...CENTRE };
    }

    set point(point) {
      this.value = write(point);
    }

    get name() {
      return this.getAttribute("name") || "";
    }

    set name(name) {
      this.setAttribute("name", name);
    }

    /** The id of the file input; Django's inlines renumber it by this name. */
    get htmlFor() {
      return this.getAttribute("for") || "";
    }

    set htmlFor(id) {
      this.setAttribute("for", id);
    }

    get disabled() {
      return this.hasAttribute("disabled");
    }

    set disabled(disabled) {
      this.toggleAttribute("disabled", Boolean(disabled));
    }

    /** Put the point back to the centre and tell so. */
    reset() {
      this.#move(CENTRE);
      this.#commit();
      this.#announce(this.#valueText());
    }

    focus(options) {
      this.#parts?.handle.focus(options);
    }

    #text(name) {
      return this.getAttribute(`data-text-${name}`) || TEXTS[name];
    }

    #percent(fraction) {
      const language = this.closest("[lang]")?.lang || undefined;
      const options = { style: "percent", maximumFractionDigits: 1 };
      try {
        return new Intl.NumberFormat(language, options).format(fraction);
      } catch {
        return new Intl.NumberFormat(undefined, options).format(fraction); // no language at all
      }
    }

    #valueText() {
      const { x, y } = this.point;
      return this.#text("value")
        .replace("{x}", this.#percent(x))
        .replace("{y}", this.#percent(y));
    }

    // The parts

    #start() {
      if (this.#stop) return;
      this.#stop = new AbortController();
      this.#initial ??= this.value;
      this.#build();
      this.#listen();
      this.#tellDisabled();
      const [file] = this.#input()?.files || [];
      if (file) this.#showUpload(file);
      else this.#showStored();
    }

    #build() {
      // A copy, such as a new inline row, comes with what the original has made.
      for (const node of this.querySelectorAll("[data-made]")) node.remove();
      const parts = {
        stage: make("div", "stage"),
        picture: null,
        handle: make("span", "handle", {
          role: "slider",
          "aria-label": this.#text("label"),
          "aria-roledescription": this.#text("role"),
          "aria-valuemin": "0",
          "aria-valuemax": "100",
        }),
        bubble: make("span", "bubble", { "aria-hidden": "true" }),
        message: make("p", "message"),
        help: make("p", "help"),
        live: make("span", "live", { role: "status", "aria-live": "polite" }),
        hidden: make("input", "value", { type: "hidden" }),
        axes: {
          x: this.querySelector('input[data-axis="x"]'),
          y: this.querySelector('input[data-axis="y"]'),
        },
        reset: this.querySelector("[data-reset]"),
        crops: [...this.querySelectorAll("[data-crop]")]
          .map((node) => new Crop(node))
          .filter((crop) => crop.ratio > 0 && crop.ratio < Infinity),
      };
      // Not made of the element's own id, by which inlines would number it anew.
      parts.help.id = `versatile-ppoi-help-${(count += 1)}`;
      parts.help.textContent = this.#text("help");
      const described = [this.getAttribute("aria-describedby"), parts.help.id];
      parts.handle.setAttribute("aria-describedby", described.filter(Boolean).join(" "));
      const invalid = parts.axes.x?.getAttribute("aria-invalid");
      if (invalid) parts.handle.setAttribute("aria-invalid", invalid);
      parts.handle.append(parts.bubble);
      parts.stage.append(parts.handle);
      if (!parts.reset) {
        parts.reset = make("button", "reset", { type: "button", "data-reset": "" });
        parts.reset.textContent = this.#text("reset");
        this.append(parts.reset);
      }
      parts.reset.hidden = false;
      for (const node of this.querySelectorAll("[data-fallback]")) node.hidden = true;
      // From here on the numbers are only another handle of what the hidden input sends.
      for (const axis of Object.values(parts.axes)) axis?.removeAttribute("name");
      parts.hidden.name = this.name;
      this.prepend(parts.message, parts.stage, parts.help);
      this.append(parts.hidden, parts.live);
      this.#parts = parts;
    }

    #listen() {
      const { signal } = this.#stop;
      const { stage, handle, reset, axes } = this.#parts;
      const on = (target, type, act) => target.addEventListener(type, act, { signal });
      on(stage, "pointerdown", (event) => this.#onDown(event));
      on(stage, "pointermove", (event) => this.#onMove(event));
      on(stage, "pointerup", (event) => this.#onUp(event));
      on(stage, "pointercancel", (event) => this.#onCancel(event));
      on(stage, "dragstart", (event) => event.preventDefault());
      on(stage, "dblclick", () => this.#isDisabled() || this.reset());
      on(handle, "keydown", (event) => this.#onKey(event));
      on(handle, "blur", () => this.#hideBubble());
      on(reset, "click", () => this.#isDisabled() || this.reset());
      for (const [name, axis] of Object.entries(axes)) {
        if (!axis) continue;
        on(axis, "input", (event) => this.#onNumber(event));
        on(axis, "change", (event) => this.#onNumber(event));
        on(axis, "keydown", (event) => this.#onNumberKey(event, name));
      }
      // On the document, because rows of formsets change the ids of their inputs.
      on(this.getRootNode(), "change", (event) => this.#onFormChange(event));
      on(this.getRootNode(), "reset", (event) => this.#onFormReset(event));
    }

    // What the editor does

    #isDisabled() {
      return this.#parts.hidden.matches(":disabled"); // a fieldset may be disabled around it
    }

    #onDown(event) {
      if (!event.isPrimary || event.button !== 0 || this.#isDisabled()) return;
      // A finger or pen beside the handle may be about to scroll: it picks when it is lifted.
      const waits = event.pointerType !== "mouse" && !this.#parts.handle.contains(event.target);
      this.#drag = { id: event.pointerId, from: this.value, waits };
      if (waits) return;
      event.preventDefault(); // selects no text and keeps the focus where it is put
      this.#parts.stage.setPointerCapture(event.pointerId);
      this.#parts.handle.focus({ preventScroll: true });
      this.#moveTo(event);
    }

    #onMove(event) {
      if (this.#drag?.id !== event.pointerId || this.#drag.waits) return;
      this.#moveTo(event);
    }

    #onUp(event) {
      if (this.#drag?.id !== event.pointerId) return;
      if (this.#drag.waits) {
        this.#parts.handle.focus({ preventScroll: true });
      }
      this.#moveTo(event);
      const moved = this.#drag.from !== this.value;
      this.#drag = null;
      if (moved) this.#commit();
      this.#announce(this.#valueText());
    }

    #onCancel(event) {
      if (this.#drag?.id !== event.pointerId) return;
      const { from, waits } = this.#drag;
      this.#drag = null;
      if (waits || from === this.value) return;
      this.value = from;
      this.#emit("input");
    }

    #moveTo(event) {
      const box = this.#parts.stage.getBoundingClientRect();
      if (!box.width || !box.height) return;
      this.#move({
        x: (event.clientX - box.left) / box.width,
        y: (event.clientY - box.top) / box.height,
      });
    }

    #onKey(event) {
      const key = KEYS[event.key];
      if (key) this.#nudge(event, ...key);
    }

    /** The arrows of a number go by as much as the point's: its own step would be a whole side. */
    #onNumberKey(event, axis) {
      const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (direction) this.#nudge(event, axis, direction);
    }

    #nudge(event, axis, direction) {
      if (event.ctrlKey || event.metaKey || event.altKey || this.#isDisabled()) return;
      event.preventDefault();
      const point = this.point;
      point[axis] = clamp(point[axis] + direction * (event.shiftKey ? LEAP : STEP));
      this.#move(point);
      this.#commit();
    }

    #onNumber(event) {
      event.stopPropagation(); // the picker tells of it itself
      const { x, y } = this.#parts.axes;
      const point = read(`${x ? x.value : this.point.x}x${y ? y.value : this.point.y}`);
      if (event.type === "input") {
        this.#typed = event.target;
        if (point) this.#move(point);
        this.#typed = null;
        return;
      }
      if (point) this.#move(point);
      this.#show(); // numbers out of range, and what is no number, go away again
      this.#commit();
      this.#announce(this.#valueText());
    }

    #onFormChange(event) {
      const input = this.#input();
      if (!input) return;
      if (event.target === input) {
        const [file] = input.files;
        if (file) this.#showUpload(file);
        else this.#takeBack();
      } else if (event.target.name === `${input.name}-clear` && event.target.form === input.form) {
        this.#tellCleared();
      }
    }

    /** The chosen file is gone, and with it the point that was set on it. */
    #takeBack() {
      const from = this.value;
      if (this.#file) this.value = this.#before;
      this.#showStored();
      if (from === this.value) return;
      this.#emit("input");
      this.#commit();
    }

    #onFormReset(event) {
      if (event.target !== this.#parts.hidden.form || event.defaultPrevented) return;
      setTimeout(() => {
        // the inputs are reset after the event
        this.value = this.#initial;
        this.#showStored();
        this.#tellCleared();
      });
    }

    #input() {
      const input = this.htmlFor ? this.getRootNode().getElementById(this.htmlFor) : null;
      return input instanceof HTMLInputElement && input.type === "file" ? input : null;
    }

    // What follows from it

    #move(point) {
      const text = write(point);
      if (text !== this.value) {
        this.value = text; // which shows it
        this.#emit("input");
      }
      this.#showBubble();
    }

    #commit() {
      this.#emit("change");
    }

    #emit(type) {
      this.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    }

    #announce(text) {
      this.#parts.live.textContent = text;
    }

    #showBubble() {
      const { handle, bubble } = this.#parts;
      const { x, y } = this.point;
      bubble.textContent = `${this.#percent(x)} · ${this.#percent(y)}`;
      handle.classList.add("is-moving");
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#hideBubble(), BUBBLE_TIME);
    }

    #hideBubble() {
      if (!this.#drag) this.#parts.handle.classList.remove("is-moving");
    }

    #show() {
      const { handle, hidden, axes, crops, stage } = this.#parts;
      const point = this.point;
      hidden.value = this.value;
      handle.style.left = `${point.x * 100}%`;
      handle.style.top = `${point.y * 100}%`;
      handle.style.setProperty("--versatile-ppoi-x", String(point.x)); // keeps the bubble inside
      handle.setAttribute("aria-valuenow", String(Math.round(point.x * 100)));
      handle.setAttribute("aria-valuetext", this.#valueText());
      stage.classList.toggle("is-high", point.y < 0.2); // the bubble goes below
      const texts = this.value.split("x");
      for (const [index, axis] of [axes.x, axes.y].entries()) {
        if (axis && axis !== this.#typed) axis.value = shorten(texts[index] ?? "");
      }
      if (this.#size) for (const crop of crops) crop.show(point, this.#size);
    }

    #tellDisabled() {
      const { hidden, handle, reset, axes } = this.#parts;
      for (const input of [hidden, axes.x, axes.y]) if (input) input.disabled = this.disabled;
      const disabled = this.#isDisabled();
      handle.tabIndex = disabled ? -1 : 0;
      handle.setAttribute("aria-disabled", String(disabled));
      reset.disabled = disabled;
    }

    #tellCleared() {
      const input = this.#input();
      const box = input?.form?.elements.namedItem(`${input.name}-clear`);
      const cleared = Boolean(box?.checked) && !this.#file;
      this.classList.toggle("is-cleared", cleared);
      if (cleared) this.#announce(this.#text("cleared"));
    }

    // The picture

    #showStored() {
      this.#turn += 1;
      this.#file = null;
      const src = this.getAttribute("src");
      if (!src) {
        this.#forget();
        this.#tell(this.hasAttribute("stored") ? "unreadable" : "empty");
        return;
      }
      const turn = this.#turn;
      const image = make("img", "picture", { src, alt: this.getAttribute("alt") || "" });
      const width = Number(this.getAttribute("width"));
      const height = Number(this.getAttribute("height"));
      const known = width > 0 && height > 0;
      image.draggable = false;
      image.addEventListener("error", () => turn === this.#turn && this.#tell("unreadable"));
      if (!known) {
        image.addEventListener("load", () => {
          if (turn === this.#turn) this.#measure(image.naturalWidth, image.naturalHeight);
        });
      }
      const copy = () => make("img", "picture", { src, alt: "" });
      this.#display(image, known ? [width, height] : [1, 1], copy);
    }

    async #showUpload(file) {
      this.#turn += 1;
      if (!this.#file) this.#before = this.value;
      this.#file = file;
      const turn = this.#turn;
      let bitmap = null;
      try {
        bitmap = await createImageBitmap(file); // upright: EXIF is heeded
        if (turn !== this.#turn) return;
        const stage = draw(bitmap, STAGE_SIDE, { role: "img", "aria-label": file.name });
        const copy = () => draw(stage, CROP_SIDE, { "aria-hidden": "true" });
        this.#display(stage, [bitmap.width, bitmap.height], copy);
        this.#announce(this.#text("loaded"));
      } catch {
        // no picture, one too large, or of a format that only the server can read
        if (turn === this.#turn) this.#tell("unreadable");
      } finally {
        bitmap?.close();
      }
    }

    #forget() {
      this.#parts.picture?.remove();
      this.#parts.picture = null;
      for (const crop of this.#parts.crops) crop.empty();
    }

    #display(picture, size, copy) {
      const { stage, crops } = this.#parts;
      this.#forget();
      this.#parts.picture = picture;
      stage.prepend(picture);
      for (const crop of crops) crop.fill(copy());
      this.#tell("ready");
      this.#measure(...size);
      this.#tellCleared();
    }

    #measure(width, height) {
      this.#size = { width, height };
      this.#parts.stage.style.setProperty("--versatile-ppoi-ratio", String(width / height));
      this.#show();
    }

    /** Whether there is a picture: "empty", "ready" or "unreadable", for the style sheet too. */
    #tell(state) {
      const { message } = this.#parts;
      this.dataset.state = state;
      message.textContent = state === "ready" ? "" : this.#text(state);
      if (state === "unreadable") this.#announce(message.textContent);
      this.#show();
    }
  }

  /** A live preview: an element with data-crop="400x300" inside the picker. */
  class Crop {
    constructor(node) {
      const [width, height] = node.dataset.crop.split("x").map(Number);
      this.node = node;
      this.ratio = width / height;
      this.picture = null;
      node.classList.add("versatile-ppoi-crop");
      node.style.setProperty("--versatile-ppoi-ratio", String(this.ratio));
      node.style.setProperty("--versatile-ppoi-root", String(Math.sqrt(this.ratio)));
    }

    empty() {
      this.picture?.remove();
      this.picture = null;
    }

    fill(picture) {
      this.picture = picture;
      this.node.append(picture);
    }

    show(point, { width, height }) {
      if (!this.picture) return;
      const x = place(point.x, width, Math.min(width, height * this.ratio));
      const y = place(point.y, height, Math.min(height, width / this.ratio));
      this.picture.style.objectPosition = `${x * 100}% ${y * 100}%`;
    }
  }

  customElements.define("versatile-ppoi", VersatilePPOI);
})();
