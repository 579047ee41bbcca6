// The player of graphstep: shows frame k of a figure. It computes no gradient and formats no number:
// everything that is shown comes from the figure's SVG and from the texts that Python made.
// One ES module for the widget; an HTML page gets the same source as a classic script.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  first: "M4 3v10M13 3L6 8l7 5z", back: "M12 3L4 8l8 5z", play: "M4 3l9 5-9 5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z", forward: "M4 3l8 5-8 5z", last: "M12 3v10M3 3l7 5-7 5z",
  smaller: "M3 8h10", larger: "M3 8h10M8 3v10", whole: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
};
const SPEEDS = [0.5, 1, 2, 4];

function element(name, props = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function parsed(markup) { // graphstep's own SVG, in which texts of users are escaped
  const read = new DOMParser().parseFromString(`<svg xmlns="${SVG}">${markup}</svg>`, "image/svg+xml");
  return document.importNode(read.documentElement, true);
}

export function unveil(text) { // not a secret, only not plain text in the page's source
  const bytes = Uint8Array.from(atob(text.trim()), (c, i) => c.charCodeAt(0) ^ ((i * 7 + 13) & 255));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function pixel(colour) { // red, green, blue, alpha of any colour that CSS can name
  const canvas = element("canvas", { width: 1, height: 1 });
  const paint = canvas.getContext("2d");
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 1, 1);
  return paint.getImageData(0, 0, 1, 1).data;
}

// The theme is that of the page around the figure, whatever the system's is.
function hostTheme(node) {
  for (let at = node.parentElement; at; at = at.parentElement || at.getRootNode().host) {
    const [red, green, blue, alpha] = pixel(getComputedStyle(at).backgroundColor);
    if (alpha > 127) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? "dark" : "light";
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  const dark = scheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
  return dark ? "dark" : "light";
}

export function mount(root, data, hooks = {}) {
  window.graphstepFigures = (window.graphstepFigures || 0) + 1; // each cell of a notebook has its own script
  const id = `gs${window.graphstepFigures}`;
  const bare = Boolean(data.bare); // only the figure: whoever mounts it has the controls and the words
  const say = (key, values = {}) => (bare ? "" : data.words[key]).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const state = { frame: -1, playing: false, timer: 0, pinned: null, path: "", quiz: null, zoom: 0 };
  const appears = [];
  data.steps.forEach((step, k) => step.s.forEach((slot) => { appears[slot] = k; }));

  const slotNames = data.slots.split(" ");
  const wireOf = ([s, t, ls, d, l = "", p = "", z = ""]) => ({ s, t, ls, d, l, p, z });
  data.wires = data.wires.map(wireOf);
  data.quiz = data.quiz.map(([k, s, node, gate, v, t, w, also]) => ({ k, s, v, t, w, with: also, a:
    say(gate < 0 ? "ask_sum" : "ask", { name: data.nodes[node].n, source: data.nodes[node].n, gate: data.nodes[gate]?.n }) }));

  // --- what is there

  const stage = root.querySelector(".gs-stage");
  const svg = stage.querySelector("svg");
  const own = (selector) => [...svg.querySelectorAll(selector)];
  const slots = new Map(own("[data-slot]").map((node) => [node.dataset.slot, node]));
  const marks = new Map(own("[data-node]").map((node) => [+node.dataset.node, node]));
  const badges = new Map(own("[data-warn]").map((node) => [+node.dataset.warn, node]));
  const curves = new Map();
  own("[data-wires]").forEach((node) => node.dataset.wires.split(" ").filter(Boolean).forEach((w) => {
    curves.set(+w, [...(curves.get(+w) || []), node]);
  }));
  const outlines = document.createElementNS(SVG, "g");
  svg.querySelector("g").append(outlines);
  svg.setAttribute("role", "img");
  if (!bare) svg.style.minWidth = `${svg.dataset.least}px`;
  if (!bare) svg.style.maxWidth = `${svg.dataset.whole}px`;

  const button = (name, act) => element("button", { type: "button", class: `gs-${name}`, "aria-label": say(name), title: say(name), onclick: act }, icon(name));
  const buttons = {
    first: button("first", () => go(0)), back: button("back", () => go(state.frame - 1)),
    play: button("play", () => play(!state.playing)), forward: button("forward", () => go(state.frame + 1)),
    last: button("last", () => go(data.steps.length - 1)),
  };
  const scrubber = element("input", { type: "range", min: 0, max: data.steps.length - 1, step: 1, value: 0, "aria-label": say("scrubber"), oninput: () => go(+scrubber.value) });
  const number = element("input", { type: "number", min: 1, max: data.steps.length, value: 1, "aria-label": say("jump"), onchange: () => go(number.value - 1) });
  const total = element("span", { class: "gs-total" }, say("total", { total: data.steps.length }));
  const speed = element("select", { "aria-label": say("speed"), onchange: () => { if (state.playing) { play(false); play(true); } } },
    ...SPEEDS.map((s) => element("option", { value: s, selected: s === 1 }, `${s}x`)));
  const why = element("button", { type: "button", class: "gs-why", "aria-expanded": "false", onclick: () => { toggle(why, reason); } }, say("why"));
  const quizzes = element("button", { type: "button", class: "gs-quiz", onclick: () => quiz(!state.quiz) }, say("quiz"));
  const chooser = element("select", { "aria-label": say("look"), onchange: () => pin(chooser.value) },
    element("option", { value: "" }, say("look")),
    ...data.nodes.map((node, i) => element("option", { value: `n${i}` }, node.n)));
  const paths = element("select", { "aria-label": say("paths"), onchange: () => { hooks.path?.(paths.value); trace(paths.value); } },
    element("option", { value: "" }, say("paths")),
    ...Object.keys(data.paths).map((name) => element("option", { value: name }, name)));
  const looks = element("span", { class: "gs-group" }, button("smaller", () => zoom(1 / 1.25)), button("larger", () => zoom(1.25)),
    button("whole", () => { document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.(); }));
  const caption = element("p", { class: "gs-caption" });
  const legend = element("p", { class: "gs-legend" });
  const reason = element("p", { class: "gs-reason", hidden: true });
  const detail = element("div", { class: "gs-detail", hidden: true });
  const live = element("div", { class: "gs-live", "aria-live": "polite" });
  const asked = element("form", { class: "gs-asked", hidden: true, onsubmit: answer });
  const bar = element("div", { class: "gs-bar", role: "group", "aria-label": say("controls") },
    element("span", { class: "gs-group" }, ...Object.values(buttons)), scrubber,
    element("label", { class: "gs-group" }, element("span", {}, say("frame")), number, total), speed, looks);
  const more = element("div", { class: "gs-bar gs-more" }, why, quizzes, chooser, paths);
  root.querySelectorAll(".gs-fallback").forEach((node) => node.remove());
  if (!data.quiz.length) quizzes.remove();
  if (!Object.keys(data.paths).length) paths.remove();
  const made = [bar, asked, caption, legend, more, reason, detail, live];
  stage.hidden = false;
  if (!bare) {
    root.append(...made);
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", data.title);
    root.dataset.lmSuppressShortcuts = "true";
    stage.tabIndex = 0;
    stage.setAttribute("role", "region");
    stage.setAttribute("aria-label", say("figure"));
  }

  // --- frame k, a function of k

  function put(slot, k) {
    const node = slots.get(slotNames[slot]);
    if (!node) return;
    const shown = appears[slot] <= k && !(state.quiz && state.quiz.open.has(slot));
    const markup = data.blocks[slot];
    if (markup !== undefined) {
      node.replaceChildren(...(shown ? parsed(markup).childNodes : []));
    } else {
      const name = node.querySelector("[data-bare]");
      const text = shown ? data.texts[slot] : "";
      (name ? node.lastChild : node).textContent = text && node.classList.contains("l") ? `[${text}]` : text;
      if (name) name.textContent = name.dataset.bare + (shown ? " = " : "");
    }
  }

  function outline(used) { // all boxes are read before one is drawn: the page is laid out once
    const boxes = used.map((slot) => slots.get(slotNames[slot])).filter((node) => node?.firstChild).map((node) => node.getBBox());
    return () => outlines.replaceChildren(...boxes.filter((box) => box.width).map((box) => {
      const rect = document.createElementNS(SVG, "rect");
      const sizes = { x: box.x - 2, y: box.y - 1, width: box.width + 4, height: box.height + 2, rx: 3, class: "u" };
      for (const [key, value] of Object.entries(sizes)) rect.setAttribute(key, value);
      return rect;
    }));
  }

  function emphasize(step, on) {
    if (step.k !== "all") step.s.forEach((slot) => slots.get(slotNames[slot])?.classList.toggle("new", on));
    step.g.forEach((node) => marks.get(node)?.classList.toggle("on", on));
    step.w.forEach((wire) => (curves.get(wire) || []).forEach((curve) => curve.classList.toggle("on", on)));
  }

  function go(k, quiet = false) {
    const next = Math.max(0, Math.min(Math.round(+k) || 0, data.steps.length - 1));
    const before = state.frame;
    if (next === before) return settle(quiet);
    if (before >= 0) emphasize(data.steps[before], false);
    state.frame = next;
    if (state.quiz) state.quiz.open = new Set();
    const low = Math.min(before, next) + 1, high = Math.max(before, next);
    for (let at = low; at <= high; at += 1) data.steps[at].s.forEach((slot) => put(slot, next));
    if (before >= 0 && state.quiz === null) data.steps[next].s.forEach((slot) => put(slot, next));
    emphasize(data.steps[next], true);
    signs();
    const draw = outline(data.steps[next].u);
    follow(data.steps[next]);
    draw();
    settle(quiet);
    return undefined;
  }

  function signs() { // on nodes with a number that is not finite
    const due_ = new Set(data.warnings.filter(([when]) => when <= state.frame).map(([, node]) => node));
    badges.forEach((badge, node) => badge.toggleAttribute("hidden", !due_.has(node)));
  }

  const asking = () => Boolean(state.quiz && state.quiz.open.size);
  const speak = () => { live.textContent = asking() ? "" : data.steps[state.frame].c; };

  function settle(quiet) {
    const k = state.frame, end = data.steps.length - 1;
    if (state.quiz) ask(); // first, so that nothing tells what is asked for
    words();
    scrubber.value = k;
    scrubber.setAttribute("aria-valuetext", say("frame_of", { n: k + 1, total: end + 1 }));
    number.value = k + 1;
    buttons.first.disabled = buttons.back.disabled = k === 0;
    buttons.last.disabled = buttons.forward.disabled = k === end;
    if (!state.playing && !quiet) speak();
    if (detail.dataset.of) details(detail.dataset.of);
    if (state.path) trace(state.path);
    if (state.playing && k === end) play(false);
    if (data.deep && !quiet) link(`#${data.deep === true ? "" : `${data.deep}&`}frame=${k + 1}`);
    hooks.step?.(k);
  }

  function link(to) {
    try { history.replaceState(null, "", to); } catch { /* a frame without an address, or too often */ }
  }

  function words() {
    const step = data.steps[state.frame], hidden = asking();
    caption.textContent = hidden ? "" : step.c;
    legend.textContent = hidden || bare ? "" : step.l.replace(/^[01](?=\n|$)/, (d) => say(d === "0" ? "head" : "head_map"));
    reason.textContent = step.y;
    svg.setAttribute("aria-label", hidden ? say("quiz") : step.c);
  }

  function follow(step) { // only where the figure is larger than its window
    if (bare) return;
    if (stage.scrollWidth <= stage.clientWidth + 1 && stage.scrollHeight <= stage.clientHeight + 1) return;
    const node = marks.get(step.g[0]);
    if (!node) return;
    const box = node.getBoundingClientRect(), frame = stage.getBoundingClientRect();
    const across = box.left + box.width / 2 - frame.left - frame.width / 2;
    const down = box.top + box.height / 2 - frame.top - frame.height / 2;
    stage.scrollBy(across, down);
  }

  function play(on) {
    clearInterval(state.timer);
    state.playing = on && !state.quiz;
    if (state.playing && state.frame === data.steps.length - 1) go(0);
    if (state.playing) state.timer = setInterval(() => go(state.frame + 1), 1600 / +speed.value);
    const name = state.playing ? "pause" : "play";
    buttons.play.replaceChildren(icon(name));
    buttons.play.setAttribute("aria-label", say(name));
    buttons.play.title = say(name);
    if (!state.playing && state.frame >= 0) speak();
    hooks.playing?.(state.playing);
  }

  // --- looking closer

  function toggle(control, panel) {
    panel.hidden = !panel.hidden;
    control.setAttribute("aria-expanded", String(!panel.hidden));
  }

  const visible = (slot) => appears[slot] <= state.frame && !(state.quiz && state.quiz.open.has(slot));
  const reads = (slot) => (visible(slot) ? data.texts[slot] : say("unknown"));

  function rows(of) { // of "n3" or "w7": label and text of each line
    const found = [];
    if (of[0] === "n") {
      const node = data.nodes[+of.slice(1)];
      found.push([say("value"), node.f && visible(node.v) ? `${node.f} = ${reads(node.v)}` : reads(node.v)], [say("upstream"), reads(node.u)]);
      node.o.forEach((w) => found.push(...rows(`w${w}`)));
      return found;
    }
    const wire = data.wires[+of.slice(1)];
    const known = visible(wire.d);
    found.push([say("into", { gate: data.nodes[wire.t].n }), ""]);
    found.push([say("local"), visible(wire.ls) && wire.l ? `${wire.l} = ${reads(wire.ls)}` : reads(wire.ls)]);
    const product = wire.p || `[${reads(wire.ls)}] x [${reads(data.nodes[wire.t].u)}]`;
    found.push([say("downstream"), known ? `${product} = ${reads(wire.d)}` : reads(wire.d)]);
    if (known && wire.z) found.push([say("zero"), wire.z]);
    return found;
  }

  function details(of) {
    detail.dataset.of = of;
    detail.hidden = !of;
    if (!of) return detail.replaceChildren();
    const node = of[0] === "n" ? data.nodes[+of.slice(1)] : data.nodes[data.wires[+of.slice(1)].s];
    const list = element("dl");
    rows(of).forEach(([label, text]) => list.append(element("dt", {}, label), element("dd", {}, text)));
    const close = element("button", { type: "button", onclick: () => pin("") }, say("close"));
    detail.replaceChildren(element("strong", {}, `${node.n}${node.g ? ` (${node.g})` : ""}`), list);
    const large = data.large[of];
    if (large && visible(data.nodes[+of.slice(1)].v)) detail.append(heat(large));
    if (state.pinned) detail.append(close);
    return undefined;
  }

  function heat(table) { // numbers of a big array, as Python printed them
    const body = element("tbody");
    table.rows.forEach((line) => body.append(element("tr", {}, ...line.map((text) => element("td", { title: text }, text)))));
    return element("div", { class: "gs-table", tabindex: 0, role: "region", "aria-label": table.label }, element("p", {}, table.label), element("table", {}, body));
  }

  function pin(of) {
    state.pinned = of || null;
    hooks.look?.(of);
    chooser.value = of && of[0] === "n" ? of : "";
    own(".gs-pinned").forEach((node) => node.classList.remove("gs-pinned"));
    if (of) target(of).forEach((node) => node?.classList.add("gs-pinned"));
    details(of || "");
  }

  const target = (of) => (of[0] === "n" ? [marks.get(+of.slice(1))] : curves.get(+of.slice(1)) || []);

  function under(event) {
    const node = event.target.closest?.("[data-node], [data-wires], [data-slot]");
    if (!node) return "";
    if (node.dataset.node) return `n${node.dataset.node}`;
    if (node.dataset.wires !== undefined) return node.dataset.wires && `w${node.dataset.wires.split(" ")[0]}`;
    const [kind, item] = [node.dataset.slot[0], node.dataset.slot.slice(1)];
    return kind === "v" || kind === "u" ? `n${item}` : `w${item}`;
  }

  function point(of) {
    if (state.pinned) return;
    hooks.look?.(of);
    details(of);
  }

  const listen = (node, kind, act, options) => { if (!bare) node.addEventListener(kind, act, options); };
  listen(svg, "pointerover", (event) => point(under(event)));
  listen(svg, "pointerleave", () => point(""));
  listen(svg, "click", (event) => { if (!dragged) pin(under(event)); });

  function trace(name) {
    state.path = name;
    own(".gs-path").forEach((node) => node.classList.remove("gs-path"));
    svg.classList.toggle("gs-tracing", Boolean(name));
    root.querySelector(".gs-terms")?.remove();
    if (!name) return;
    const { wires, terms } = data.paths[name];
    wires.forEach((w) => (curves.get(w) || []).forEach((curve) => curve.classList.add("gs-path")));
    const list = element("ul", { class: "gs-terms" });
    terms.forEach(([text, result, slot]) => list.append(element("li", {}, visible(slot) && result ? `${text}: ${result}` : text)));
    more.after(list);
  }

  // --- size

  function zoom(factor) {
    const wide = svg.viewBox.baseVal.width;
    const now = state.zoom || svg.getBoundingClientRect().width / wide;
    state.zoom = Math.max(0.2, Math.min(now * factor, 6));
    svg.style.width = `${wide * state.zoom}px`;
    svg.style.maxWidth = svg.style.minWidth = "none";
    follow(data.steps[state.frame]);
  }

  let held = null, dragged = false;
  listen(stage, "pointerdown", (event) => {
    held = [event.clientX + stage.scrollLeft, event.clientY + stage.scrollTop, event.clientX, event.clientY];
    dragged = false;
  });
  listen(stage, "pointermove", (event) => {
    if (!held || !event.buttons) { held = null; return; }
    dragged ||= Math.hypot(event.clientX - held[2], event.clientY - held[3]) > 4;
    stage.scrollLeft = held[0] - event.clientX;
    stage.scrollTop = held[1] - event.clientY;
  });
  listen(stage, "wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }, { passive: false });

  // --- predict the next number

  function quiz(on) {
    play(false);
    state.quiz = on ? { open: new Set(), done: new Set(), missed: new Set(), right: 0, asked: 0 } : null;
    quizzes.setAttribute("aria-pressed", String(on));
    asked.hidden = true;
    const k = state.frame;
    if (on) go(0); else { data.steps[k].s.forEach((slot) => put(slot, k)); settle(true); }
  }

  const due = () => data.quiz.filter((q) => q.k === state.frame && !state.quiz.done.has(q.s));

  function ask() {
    const open = due(), inside = root.contains(document.activeElement);
    const own_ = data.quiz.filter((q) => q.k === state.frame);
    state.quiz.open = new Set(open.length ? [...open.map((q) => q.s), ...own_.flatMap((q) => (state.quiz.done.has(q.s) ? [] : q.with))] : []);
    data.steps[state.frame].s.forEach((slot) => put(slot, state.frame));
    words();
    asked.hidden = false;
    const score = state.quiz.asked ? say("score", { right: state.quiz.right, asked: state.quiz.asked }) : "";
    if (!open.length) {
      const over = data.quiz.every((q) => q.k <= state.frame || state.quiz.done.has(q.s));
      asked.replaceChildren(element("span", {}, `${say(over ? "over" : "onward")} ${score}`.trim()));
      if (inside) root.focus();
      told();
      return;
    }
    const field = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", name: "answer", "aria-describedby": `${id}-hint` });
    const question = element("label", {}, `${open[0].a} `, field);
    const hint = element("span", { id: `${id}-hint`, role: "status" });
    const give = element("button", { type: "button", onclick: () => taken(open[0], false) }, say("give_up"));
    asked.replaceChildren(question, element("button", { type: "submit" }, say("check")), give, hint, element("span", { class: "gs-score" }, score));
    if (inside) field.focus();
    told();
  }

  function told() { // again, now that another number is hidden or known
    if (detail.dataset.of) details(detail.dataset.of);
    if (state.path) trace(state.path);
  }

  function answer(event) {
    event.preventDefault();
    const [question] = due();
    if (!question) return;
    const typed = asked.elements.answer.value.trim().replace(",", ".").replace("\u2212", "-");
    const close = (value) => Math.abs(+typed - value) <= question.t;
    const hint = asked.querySelector("[role=status]");
    asked.elements.answer.select(); // so that what is typed next takes its place
    if (typed === "" || Number.isNaN(+typed)) hint.textContent = say("no_number");
    else if (close(question.v)) taken(question, !state.quiz.missed.has(question.s));
    else {
      state.quiz.missed.add(question.s);
      hint.textContent = say((question.w.find(([, value]) => close(value)) || ["wrong"])[0]);
    }
  }

  function taken(question, right) {
    state.quiz.done.add(question.s);
    state.quiz.asked += 1;
    state.quiz.right += right ? 1 : 0;
    ask();
    if (!due().length && right && state.frame < data.steps.length - 1) live.textContent = say("right");
  }

  // --- keys, while the figure has the focus

  const KEYS = {
    ArrowRight: () => go(state.frame + 1), ArrowLeft: () => go(state.frame - 1), ArrowUp: () => go(state.frame - 1),
    ArrowDown: () => go(state.frame + 1), PageDown: () => go(state.frame + 1), PageUp: () => go(state.frame - 1),
    Home: () => go(0), End: () => go(data.steps.length - 1), " ": () => play(!state.playing),
  };
  listen(root, "keydown", (event) => {
    event.stopPropagation(); // a notebook must not take these keys for its own
    const at = event.target, typing = at.matches?.("select, input:not([type=range]), .gs-table");
    if (event.key === "Escape" && state.pinned) { pin(""); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && at.matches?.("button")) return;
    const act = KEYS[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // --- the page around

  let attached = root.isConnected;
  const theme = () => { // a notebook takes cells that are out of sight out of the page: there are no colours then
    if (data.theme !== "auto") root.dataset.theme = data.theme;
    else if (root.isConnected) root.dataset.theme = hostTheme(root);
  };
  const watcher = new MutationObserver(theme);
  if (!bare) [document.documentElement, document.body].forEach((node) => watcher.observe(node, { attributes: true }));
  const media = matchMedia("(prefers-color-scheme: dark)");
  listen(media, "change", theme);
  theme();
  const moved = new ResizeObserver(() => {
    if (root.isConnected !== attached) { attached = root.isConnected; theme(); }
  });
  moved.observe(root);

  function linked() {
    const found = location.hash.match(data.deep === true ? /^#frame=(\d+)$/ : new RegExp(`^#${data.deep}&frame=(\\d+)$`));
    return found ? found[1] - 1 : null;
  }
  if (data.deep) addEventListener("hashchange", linkedGo);
  function linkedGo() { if (linked() !== null) go(linked(), true); }

  const first = (data.deep && linked()) || data.frame || 0;
  go(first, true);
  if (data.predict) quiz(true);
  hooks.ready?.();

  return {
    go, play, root,
    get frame() { return state.frame; },
    update(change) { // only what has changed: texts, blocks, sentences
      for (const [slot, text] of Object.entries(change.texts || {})) data.texts[slot] = text;
      for (const [slot, markup] of Object.entries(change.blocks || {})) data.blocks[slot] = markup;
      for (const [k, step] of Object.entries(change.steps || {})) Object.assign(data.steps[k], step);
      for (const name of ["wires", "nodes", "paths", "large"]) {
        for (const [key, entry] of Object.entries(change[name] || {})) data[name][key] = name === "wires" ? wireOf(entry) : entry;
      }
      if (change.warnings) data.warnings = change.warnings;
      signs();
      if (change.scale) svg.querySelector(".gs-scale")?.replaceWith(parsed(change.scale).firstElementChild);
      for (const slot of [...Object.keys(change.texts || {}), ...Object.keys(change.blocks || {})]) put(+slot, state.frame);
      outline(data.steps[state.frame].u)();
      words();
      if (detail.dataset.of) details(detail.dataset.of);
      if (state.path && change.paths) trace(state.path);
    },
    destroy() {
      clearInterval(state.timer);
      watcher.disconnect();
      moved.disconnect();
      media.removeEventListener("change", theme);
      removeEventListener("hashchange", linkedGo);
      made.forEach((node) => node.remove());
    },
  };
}

// A figure in a page: its data stands in a script element that is never run.
export function start(root) {
  if (!root || root.dataset.mounted) return;
  root.dataset.mounted = "true";
  const holder = root.querySelector("script[type='application/json']");
  if (!holder) return;
  mount(root, "veiled" in holder.dataset ? unveil(holder.textContent) : JSON.parse(holder.textContent));
}

// The widget: anywidget calls this with the model that Python shares.
function render({ model, el }) {
  const root = element("div", { class: `graphstep-figure ${model.get("scope")}` });
  root.append(element("style", {}, model.get("styles")));
  const stage = element("div", { class: "gs-stage" });
  stage.append(parsed(model.get("stage")).firstElementChild);
  root.append(stage);
  el.append(root);
  const data = JSON.parse(JSON.stringify(model.get("data")));
  data.frame = model.get("step");
  const share = (name, value) => { if (model.get(name) !== value) { model.set(name, value); model.save_changes(); } };
  const player = mount(root, data, { step: (k) => share("step", k), playing: (on) => share("playing", on), look: (of) => share("look", of), path: (name) => share("path", name) });
  player.update(model.get("change")); // of inputs that were set before this view was there
  if (model.get("playing")) player.play(true);
  fields(root, model);
  const heard = {
    "change:step": () => player.go(model.get("step"), true),
    "change:playing": () => player.play(model.get("playing")),
    "change:change": () => player.update(model.get("change")),
  };
  for (const [name, act] of Object.entries(heard)) model.on(name, act);
  return () => { for (const [name, act] of Object.entries(heard)) model.off(name, act); player.destroy(); };
}

function fields(root, model) { // one for each input: numbers, and the cells of small arrays
  const form = element("div", { class: "gs-inputs", role: "group", "aria-label": model.get("data").words.inputs });
  const error = element("p", { class: "gs-error", role: "alert" });
  const boxes = {}, slides = {};
  const send = (name, at, text) => {
    const typed = text.trim().replace(",", ".").replace("\u2212", "-");
    model.set("entered", { name, at, text: typed, count: (model.get("entered").count || 0) + 1 });
    model.save_changes();
  };
  for (const field of model.get("fields")) {
    const label = element("label", {}, element("span", {}, `${field.name}${field.at.length ? `[${field.at}]` : ""} = `));
    const box = element("input", { type: "text", inputmode: "decimal", value: field.text, size: 7 });
    box.addEventListener("change", () => send(field.name, field.at, box.value));
    boxes[`${field.name} ${field.at}`] = box;
    label.append(box);
    form.append(label);
    if (!field.slider) continue;
    const slide = element("input", { type: "range", min: field.slider[0], max: field.slider[1], step: field.slider[2], value: field.text, "aria-label": field.name });
    slide.addEventListener("input", () => { box.value = slide.value; send(field.name, field.at, slide.value); });
    slides[field.name] = slide;
    form.append(slide);
  }
  form.addEventListener("keydown", (event) => event.stopPropagation());
  const show = () => {
    for (const field of model.get("fields")) {
      const box = boxes[`${field.name} ${field.at}`];
      if (box && document.activeElement !== box) box.value = field.text;
      const slide = slides[field.name];
      if (slide && document.activeElement !== slide) slide.value = field.text;
    }
  };
  const refuse = () => {
    const bad = model.get("error");
    error.textContent = bad.message || "";
    for (const [key, box] of Object.entries(boxes)) box.setAttribute("aria-invalid", String(key === bad.field));
  };
  model.on("change:fields", show);
  model.on("change:error", refuse);
  root.append(form, error);
  refuse();
}

export default { render };
